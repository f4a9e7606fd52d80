package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/httpsconfig"
)

// allProfiles is the value of --profile that stands for every profile.
const allProfiles = "all"

// profileFlag adds --profile.
func (v *validation) profileFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&v.names, "profile", nil, "hold the document against this profile `NAME` too, all for every one; may be repeated")
	err := cmd.RegisterFlagCompletionFunc("profile", cobra.FixedCompletions(append(profileNames(), allProfiles), cobra.ShellCompDirectiveNoFileComp))
	if err != nil { // only for a flag that there is not
		panic(err)
	}
}

func profileNames() []string {
	var list []string
	for _, p := range httpsconfig.Profiles() {
		list = append(list, p.Name)
	}
	return list
}

// readProfiles finds the profiles that the flags name.
func (v *validation) readProfiles() error {
	for _, name := range v.names {
		if name == allProfiles {
			v.profiles = httpsconfig.Profiles()
			return nil
		}
		p, found := httpsconfig.ProfileByName(name)
		if !found {
			return usage("there is no profile of this name", "--profile "+name, "take one of "+strings.Join(profileNames(), ", "))
		}
		if !slices.Contains(v.profiles, p) {
			v.profiles = append(v.profiles, p)
		}
	}
	return nil
}

// profilesJSON returns the payload of the operation validate_profiles.
func (v *validation) profilesJSON(name string, doc []byte) ([]byte, error) {
	if !utf8.Valid(doc) {
		return nil, &failure{exit: exitRefused, code: "character", what: "the document is not UTF-8, so that no request can hold it", where: name,
			hint: "validate without --profile says where"}
	}
	var list []string
	for _, p := range v.profiles {
		list = append(list, p.Name)
	}
	return callOn("validate_profiles", map[string]any{"document": string(doc), "profiles": list})
}

// writeProfiles writes how a document stands to the profiles, in the form of findings.
func (v *validation) writeProfiles(b *strings.Builder, name string, doc []byte, list []httpsconfig.Assessment) {
	name = text.Printable(name)
	for i := range list {
		a := &list[i]
		for j := range a.Differences {
			d := &a.Differences[j]
			kind := "missing"
			if d.TooMuch {
				kind = "too much"
			}
			fmt.Fprintf(b, "%s:%d:%d: %s: %s [%s: %s] %s\n", name, d.Line, d.Column, kind, some(d.Names), a.Profile.Name, d.Check.Name, d.Hint)
			if line, caret := text.Source(doc, d.Offset); line != "" {
				fmt.Fprintf(b, "    %s\n    %s\n", line, caret)
			}
		}
	}
	if list == nil && v.profiles != nil {
		fmt.Fprintf(b, "%s: cannot be held against profiles before it can be read\n", name)
	}
	for i := range list {
		a := &list[i]
		verdict := "passes"
		if a.Differences != nil {
			verdict = "does not pass, " + text.Count(a.Distance, "edit") + " away"
		}
		fmt.Fprintf(b, "%s: %s: %s (what the bucket accepts is %s)\n", name, a.Profile.Name, verdict, a.Evidence)
	}
}

// some returns names for a sentence, the first of many.
func some(list []string) string {
	const most = 6
	if len(list) > most+1 {
		return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more", len(list)-most)
	}
	return strings.Join(list, ", ")
}
