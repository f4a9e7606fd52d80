package conform

import "fmt"

// checkModules holds the modules of the runtimes against each other: two drivers with the same form have to run the same
// file. The measure of a form is known, or it is what the first runtime with that form says. A driver of no known form
// is taken to have the form of which it has the module.
func checkModules(runtimes []RuntimeResult, known map[string]string) {
	type origin struct{ hash, from string }
	forms := map[string]origin{}
	for form, hash := range known {
		forms[form] = origin{hash, "the one to test"}
	}
	for i := range runtimes {
		r := &runtimes[i]
		if r.Form == "" || r.About.Runtime == "" {
			continue
		}
		want, ok := forms[r.Form]
		switch {
		case r.About.Module == "":
			r.mismatch("it says no hash of its module, which is to be of the %s form", r.Form)
		case !ok:
			forms[r.Form] = origin{r.About.Module, "that of " + r.Name}
		case r.About.Module != want.hash:
			r.mismatch("its module of the %s form has the SHA-256 %s, %s has %s", r.Form, r.About.Module, want.from, want.hash)
		}
	}
	for i := range runtimes {
		for form, o := range forms {
			if r := &runtimes[i]; r.Form == "" && r.About.Module == o.hash {
				r.Form = form
			}
		}
	}
}

func (r *RuntimeResult) mismatch(format string, args ...any) {
	if r.Fault == nil {
		r.Fault = &Fault{Err: fmt.Errorf("%w: "+format, append([]any{ErrModule}, args...)...)}
	}
}
