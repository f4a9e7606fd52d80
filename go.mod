module github.com/ossconf/ossconf

go 1.26.0
