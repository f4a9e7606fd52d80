package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/signer"
)

// The names of the environment, which are those of OSS's own tools.
const (
	envAccessKeyID     = "OSS_ACCESS_KEY_ID"
	envAccessKeySecret = "OSS_ACCESS_KEY_SECRET"
	envSecurityToken   = "OSS_SESSION_TOKEN"
)

// credentialsHelp ends the help of the commands that take credentials.
const credentialsHelp = `Credentials come from the flags or from OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and, for
temporary ones, OSS_SESSION_TOKEN. Prefer the environment: other users of the machine see
flags in the list of processes, and shells remember them.`

// A credentialFlags is the flags that give credentials.
type credentialFlags struct{ signer.Credentials }

func (c *credentialFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.AccessKeyID, "access-key-id", "", "the access key `ID`; else "+envAccessKeyID)
	cmd.Flags().StringVar(&c.AccessKeySecret, "access-key-secret", "", "its `SECRET`, seen in the list of processes; else "+envAccessKeySecret)
	cmd.Flags().StringVar(&c.SecurityToken, "security-token", "", "the `TOKEN` of temporary credentials; else "+envSecurityToken)
}

// resolve completes credentials, which may have been given elsewhere in part, from the flags and the environment.
func (c *credentialFlags) resolve(given signer.Credentials) signer.Credentials {
	return complete(complete(given, c.Credentials), signer.Credentials{
		AccessKeyID:     os.Getenv(envAccessKeyID),
		AccessKeySecret: os.Getenv(envAccessKeySecret),
		SecurityToken:   os.Getenv(envSecurityToken),
	})
}

// complete fills in what c lacks, unless from belongs to another access key: a secret or a token of that would only make
// a signature that cannot be right.
func complete(c, from signer.Credentials) signer.Credentials {
	if c.AccessKeyID != "" && from.AccessKeyID != "" && c.AccessKeyID != from.AccessKeyID {
		return c
	}
	if c.AccessKeyID == "" {
		c.AccessKeyID = from.AccessKeyID
	}
	if c.AccessKeySecret == "" {
		c.AccessKeySecret = from.AccessKeySecret
	}
	if c.SecurityToken == "" {
		c.SecurityToken = from.SecurityToken
	}
	return c
}

// require refuses credentials that cannot sign for want of a part.
func require(c signer.Credentials) error {
	switch {
	case c.AccessKeyID == "":
		return usage("no access key ID is given", envAccessKeyID, "set it, or pass --access-key-id")
	case c.AccessKeySecret == "":
		return usage("no access key secret is given for the access key ID", envAccessKeySecret, "set it, or pass --access-key-secret")
	}
	return nil
}
