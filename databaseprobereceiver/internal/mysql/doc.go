// Package mysql knows MySQL and MariaDB servers.
package mysql
