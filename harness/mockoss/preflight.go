package mockoss

// preflight answers an OPTIONS, which a browser sends without a signature. As no bucket here has CORS rules the
// answer is always a refusal, and none carries an Access-Control header: a page cannot call OSS's bucket operations.
func (c *call) preflight() (answer, error) {
	for _, name := range []string{"Origin", "Access-Control-Request-Method"} {
		if c.r.Header.Get(name) == "" {
			return answer{}, preflightIncomplete(name)
		}
	}
	if !c.service.store.exists(c.bucket) {
		return answer{}, noSuchBucket(c.bucket)
	}
	return answer{}, preflightForbidden()
}
