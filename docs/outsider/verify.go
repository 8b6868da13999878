// Command verify checks an exported log with the Go project's own transparency-log packages, and with nothing of ours.
//
//	verify -vkey KEY -checkpoint FILE -events FILE [-older FILE]
//	verify -vkey KEY -receipt FILE -record FILE
//
// The first form recomputes the root over all records and compares it with the signed checkpoint; with -older it also
// recomputes the root at an earlier checkpoint that you kept, which shows that nothing before it was rewritten. The
// second form checks a receipt: that one record stands in the log.
//
// On Debian: apt-get install golang-go golang-golang-x-mod-dev, then
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go -vkey KEY -checkpoint checkpoint -events events.jsonl
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const receiptHeader = "c2sp.org/tlog-proof@v1"

// A checkpoint is what a log signed: its name, how many records it had, and the root over them.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func main() {
	vkey := flag.String("vkey", "", "the log's public key, as its owner published it: name+id+base64")
	checkpointFile := flag.String("checkpoint", "", "the signed checkpoint")
	events := flag.String("events", "", "the records, one on each line")
	older := flag.String("older", "", "an earlier checkpoint of the same log")
	receipt := flag.String("receipt", "", "the receipt of one record")
	record := flag.String("record", "", "that record")
	flag.Parse()

	var err error
	switch {
	case *vkey != "" && *checkpointFile != "" && *events != "" && *receipt == "" && *record == "" && flag.NArg() == 0:
		err = verifyLog(*vkey, *checkpointFile, *events, *older)
	case *vkey != "" && *receipt != "" && *record != "" && *checkpointFile == "" && *events == "" && *older == "" && flag.NArg() == 0:
		err = verifyReceipt(*vkey, *receipt, *record)
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOT VERIFIED:", err)
		os.Exit(1)
	}
}

// verifyLog recomputes the root over all records, and at the older checkpoint where there is one.
func verifyLog(vkey, checkpointFile, events, older string) error {
	signed, err := readCheckpoint(vkey, checkpointFile)
	if err != nil {
		return err
	}
	records, err := readRecords(events)
	if err != nil {
		return err
	}
	if int64(len(records)) != signed.size {
		return fmt.Errorf("%s has %d records, the checkpoint vouches for %d", events, len(records), signed.size)
	}
	stored, err := storedHashes(records)
	if err != nil {
		return err
	}
	if err := compareRoot(signed, stored); err != nil {
		return err
	}
	fmt.Printf("verified: these are the %d records of %s, complete, in order and unaltered\n", signed.size, signed.origin)
	if older == "" {
		fmt.Println("not checked: whether an earlier checkpoint said otherwise (-older)")
		return nil
	}
	remembered, err := readCheckpoint(vkey, older)
	if err != nil {
		return err
	}
	if remembered.size > signed.size {
		return fmt.Errorf("the log was rolled back: it had %d records and now has %d", remembered.size, signed.size)
	}
	if err := compareRoot(remembered, stored); err != nil {
		return err
	}
	fmt.Printf("verified: it extends the earlier checkpoint of %d records\n", remembered.size)
	return nil
}

// verifyReceipt checks that one record stands in the log whose signed checkpoint the receipt carries.
func verifyReceipt(vkey, receiptFile, recordFile string) error {
	data, err := os.ReadFile(receiptFile)
	if err != nil {
		return err
	}
	record, err := os.ReadFile(recordFile)
	if err != nil {
		return err
	}
	head, signedNote, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != receiptHeader {
		return errors.New("the receipt does not begin with " + receiptHeader)
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return errors.New("the receipt has no index")
	}
	index, err := parseCount(strings.TrimPrefix(lines[0], "index "))
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	signed, err := openCheckpoint(vkey, []byte(signedNote))
	if err != nil {
		return err
	}
	if index >= signed.size {
		return fmt.Errorf("a log of %d records has no record with index %d", signed.size, index)
	}
	leaf := tlog.RecordHash(bytes.TrimSuffix(record, []byte("\n")))
	if err := tlog.CheckRecord(proof, signed.size, signed.root, index, leaf); err != nil {
		return err
	}
	fmt.Printf("verified: this is record %d of the %d of %s\n", index, signed.size, signed.origin)
	fmt.Println("not checked: the other records")
	return nil
}

func readCheckpoint(vkey, file string) (*checkpoint, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	signed, err := openCheckpoint(vkey, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return signed, nil
}

// openCheckpoint checks the signature before it believes a word.
func openCheckpoint(vkey string, data []byte) (*checkpoint, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return nil, errors.New("the signed text is not a checkpoint")
	}
	if lines[0] != verifier.Name() {
		return nil, fmt.Errorf("the checkpoint speaks for %s, the key for %s", lines[0], verifier.Name())
	}
	size, err := parseCount(lines[1])
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return nil, errors.New("an empty log has nothing to verify")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return nil, err
	}
	return &checkpoint{lines[0], size, root}, nil
}

// parseCount reads a decimal that is written in its one canonical way.
func parseCount(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || strconv.FormatInt(number, 10) != text {
		return 0, fmt.Errorf("%q is not a count", text)
	}
	return number, nil
}

// readRecords returns the lines of a file, each of which must be there and end with a newline.
func readRecords(file string) ([][]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(data, []byte("\n")) {
		return nil, fmt.Errorf("%s does not end with a complete line", file)
	}
	records := bytes.Split(data[:len(data)-1], []byte("\n"))
	for i, record := range records {
		if len(record) == 0 {
			return nil, fmt.Errorf("%s: line %d is empty", file, i+1)
		}
	}
	return records, nil
}

// storedHashes returns the hashes of all complete subtrees, in the order that package tlog numbers them.
func storedHashes(records [][]byte) (tlog.HashReader, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for i, record := range records {
		hashes, err := tlog.StoredHashes(int64(i), record, reader)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	return reader, nil
}

func compareRoot(signed *checkpoint, stored tlog.HashReader) error {
	root, err := tlog.TreeHash(signed.size, stored)
	if err != nil {
		return err
	}
	if root != signed.root {
		return fmt.Errorf("the first %d records have the root %s, the checkpoint says %s",
			signed.size, base64.StdEncoding.EncodeToString(root[:]), base64.StdEncoding.EncodeToString(signed.root[:]))
	}
	return nil
}
