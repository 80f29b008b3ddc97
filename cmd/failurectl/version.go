package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version",
		Long:              "Version prints the version of failurectl, the commit it was built from where that is known, and the Go release.",
		Example:           "  failurectl version",
		Args:              arguments(cobra.NoArgs),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return emit(cmd, "failurectl "+versionText()+"\n")
		},
	}
}

// versionText gives the version, and what the build recorded beside it.
func versionText() string {
	text, commit, modified := version, "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if text == "" {
			text = info.Main.Version
		}
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				commit = ", commit " + setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				modified = " with changes"
			}
		}
	}
	if text == "" {
		text = "(unknown)"
	}
	return fmt.Sprintf("%s%s%s, %s %s/%s", text, commit, modified, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
