// Package mockoss is an OSS that runs on loopback, for tests and rehearsals: it verifies OSS V4 signatures, checks
// HTTPS configurations against the schema and answers in the form of OSS.
//
// Call [NewServer] to start one and [Server.Close] to stop it, or [New] for a [Service] to mount in a server of your
// own:
//
//	s := mockoss.NewServer(mockoss.Options{Buckets: []string{"examplebucket"}})
//	defer s.Close()
//	// Point a client at s.URL with the region s.Region and the access key s.Credentials()[0].
//
// It implements the bucket operations, objects, listings, presigned URLs and form uploads that clients of bucket
// configurations touch; whatever it does not implement is answered 501 NotImplemented. docs/mockoss.md lists it all and
// says which behaviour was observed on the real service, which is documented, and which is assumed.
package mockoss
