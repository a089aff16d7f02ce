// Command constant is a peer to measure against: the least that a Go program does.
package main

import "fmt"

func main() { fmt.Println("{}") }
