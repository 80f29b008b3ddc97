// Package ruleset keeps the compiled rules of a configuration, and takes changed rule files into use while
// they are used.
package ruleset
