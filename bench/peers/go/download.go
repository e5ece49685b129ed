// The same download as bench/programs/download.c, with net/http: a goroutine a file.
//
//	download LIST BASE CONCURRENT FOLDER
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "download:", err)
		os.Exit(1)
	}
}

func get(client *http.Client, url string) ([]byte, error) {
	response, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

func main() {
	list, err := os.ReadFile(os.Args[1])
	check(err)
	base, folder := os.Args[2], os.Args[4]
	concurrent, err := strconv.Atoi(os.Args[3])
	check(err)
	// An HTTP/2 that is asked for by a TLS configuration of one's own has to be asked for.
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConns:        concurrent,
		MaxIdleConnsPerHost: concurrent,
		ForceAttemptHTTP2:   true,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
	}}
	turns := make(chan struct{}, concurrent)
	var all sync.WaitGroup
	for _, path := range strings.Fields(string(list)) {
		all.Add(1)
		turns <- struct{}{}
		go func(path string) {
			defer all.Done()
			body, err := get(client, base+"/"+path)
			<-turns
			check(err)
			check(os.WriteFile(filepath.Join(folder, path), body, 0o666))
		}(path)
	}
	all.Wait()
}
