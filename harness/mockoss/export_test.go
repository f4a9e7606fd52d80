package mockoss

// Serve lets a test choose what a server listens on.
var Serve = serve
