//go:build programs

// The API server and kubectl, as modules of the releases that the corpora come from.
package programs

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
