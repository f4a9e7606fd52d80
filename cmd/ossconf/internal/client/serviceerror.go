package client

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"time"
)

// A ServiceError is a refusal of the service. What its answer does not say is empty.
type ServiceError struct {
	Status    int    `xml:"-"` // HTTP status
	Code      string `xml:"Code"`
	Message   string `xml:"Message"`
	EC        string `xml:"EC"`
	RequestID string `xml:"RequestId"`

	Location string `xml:"-"` // where a redirect leads
	Endpoint string `xml:"Endpoint"`

	ServerTime string `xml:"ServerTime"` // of RequestTimeTooSkewed, as 2025-04-10T11:00:57.000Z
	date       string // the header Date
}

// newServiceError reads the refusal in resp, which may come from a proxy and have any form.
func newServiceError(resp *http.Response, body []byte) *ServiceError {
	var document struct {
		XMLName xml.Name `xml:"Error"`
		ServiceError
	}
	e := &document.ServiceError
	if xml.Unmarshal(body, &document) != nil {
		*e = ServiceError{}
	}
	e.Status = resp.StatusCode
	e.Location = resp.Header.Get("Location")
	e.date = resp.Header.Get("Date")
	if e.RequestID == "" {
		e.RequestID = resp.Header.Get("X-Oss-Request-Id")
	}
	if e.EC == "" {
		e.EC = resp.Header.Get("X-Oss-Ec")
	}
	return e
}

// Error returns status, code, message, EC and request ID.
func (e *ServiceError) Error() string {
	s := fmt.Sprintf("%d %s", e.Status, e.Code)
	if e.Code == "" {
		s = fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	switch {
	case e.EC != "" && e.RequestID != "":
		s += " (EC " + e.EC + ", request ID " + e.RequestID + ")"
	case e.RequestID != "":
		s += " (request ID " + e.RequestID + ")"
	}
	return s
}

// skew returns the service's time if it says that the request's was another.
func (e *ServiceError) skew() (server time.Time, skewed bool) {
	if e.Code != "RequestTimeTooSkewed" {
		return time.Time{}, false
	}
	server, err := time.Parse(time.RFC3339, e.ServerTime)
	if err != nil {
		server, err = http.ParseTime(e.date)
	}
	return server, err == nil
}
