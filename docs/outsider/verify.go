// Command verify checks an exported log with the Go project's own transparency-log packages, and with nothing of ours.
//
//	verify -vkey KEY -checkpoint FILE -events FILE [-older FILE]
//	verify -vkey KEY -receipt FILE -record FILE
//	verify -vkey KEY -bundle DIR [-older FILE]
//
// The first form recomputes the root over all records and compares it with the signed checkpoint; with -older it also
// recomputes the root at an earlier checkpoint that you kept, which shows that nothing before it was rewritten. The
// second form checks a receipt: that one record stands in the log. The third takes a whole bundle: all of its records
// with the root, or, for a part of a log, each record with its receipt; and that facts.csv says the same as the records.
//
// On Debian: apt-get install golang-go golang-golang-x-mod-dev, then
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go -vkey KEY -checkpoint checkpoint -events events.jsonl
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
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
	bundle := flag.String("bundle", "", "the folder of a bundle")
	flag.Parse()

	var err error
	switch {
	case *vkey != "" && *checkpointFile != "" && *events != "" && *receipt == "" && *record == "" && *bundle == "" && flag.NArg() == 0:
		err = verifyLog(*vkey, *checkpointFile, *events, *older)
	case *vkey != "" && *receipt != "" && *record != "" && *checkpointFile == "" && *events == "" && *older == "" && *bundle == "" && flag.NArg() == 0:
		err = verifyReceipt(*vkey, *receipt, *record)
	case *vkey != "" && *bundle != "" && *checkpointFile == "" && *events == "" && *receipt == "" && *record == "" && flag.NArg() == 0:
		err = verifyBundle(*vkey, *bundle, *older)
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
	signed, index, err := checkReceipt(vkey, data, bytes.TrimSuffix(record, []byte("\n")))
	if err != nil {
		return err
	}
	fmt.Printf("verified: this is record %d of the %d of %s\n", index, signed.size, signed.origin)
	fmt.Println("not checked: the other records")
	return nil
}

// checkReceipt checks that a record stands in the log of the receipt's checkpoint, and returns that and its index.
func checkReceipt(vkey string, data, record []byte) (*checkpoint, int64, error) {
	head, signedNote, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != receiptHeader {
		return nil, 0, errors.New("the receipt does not begin with " + receiptHeader)
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return nil, 0, errors.New("the receipt has no index")
	}
	index, err := parseCount(strings.TrimPrefix(lines[0], "index "))
	if err != nil {
		return nil, 0, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, 0, err
		}
		proof = append(proof, hash)
	}
	signed, err := openCheckpoint(vkey, []byte(signedNote))
	if err != nil {
		return nil, 0, err
	}
	if index >= signed.size {
		return nil, 0, fmt.Errorf("a log of %d records has no record with index %d", signed.size, index)
	}
	leaf := tlog.RecordHash(record)
	if err := tlog.CheckRecord(proof, signed.size, signed.root, index, leaf); err != nil {
		return nil, 0, err
	}
	return signed, index, nil
}

// verifyBundle checks a bundle: the whole log or a part of it, and facts.csv.
func verifyBundle(vkey, bundle, older string) error {
	data := filepath.Join(bundle, "data")
	checkpointFile, events := filepath.Join(data, "checkpoint"), filepath.Join(data, "events.jsonl")
	records, err := readRecords(events)
	if err != nil {
		return err
	}
	proofs, err := filepath.Glob(filepath.Join(data, "proofs", "*.tlog-proof"))
	if err != nil {
		return err
	}
	positions := make([]int64, len(records))
	if len(proofs) == 0 {
		if err := verifyLog(vkey, checkpointFile, events, older); err != nil {
			return err
		}
		for i := range positions {
			positions[i] = int64(i) + 1
		}
	} else {
		if older != "" {
			return errors.New("a part cannot show that the log extends an earlier checkpoint: ask for the whole log")
		}
		if err := verifyPart(vkey, checkpointFile, proofs, records, positions); err != nil {
			return err
		}
	}
	if err := compareFacts(filepath.Join(data, "facts.csv"), records, positions); err != nil {
		return err
	}
	fmt.Println("verified: facts.csv says what the records say, cell by cell")
	return nil
}

// verifyPart checks each record by its receipt, and notes the positions that the receipts prove.
func verifyPart(vkey, checkpointFile string, proofs []string, records [][]byte, positions []int64) error {
	if len(proofs) != len(records) {
		return fmt.Errorf("there are %d records, but %d proofs", len(records), len(proofs))
	}
	signed, err := readCheckpoint(vkey, checkpointFile)
	if err != nil {
		return err
	}
	sort.Strings(proofs)
	for i, proof := range proofs {
		receipt, err := os.ReadFile(proof)
		if err != nil {
			return err
		}
		of, index, err := checkReceipt(vkey, receipt, records[i])
		if err != nil {
			return fmt.Errorf("line %d, %s: %w", i+1, filepath.Base(proof), err)
		}
		if *of != *signed {
			return fmt.Errorf("%s is for another checkpoint", filepath.Base(proof))
		}
		positions[i] = index + 1
		if i > 0 && positions[i] <= positions[i-1] {
			return fmt.Errorf("%s is out of order", filepath.Base(proof))
		}
	}
	fmt.Printf("verified: these are %d of the %d records of %s, each unaltered and at its place\n",
		len(records), signed.size, signed.origin)
	fmt.Println("not checked: whether other records match the filter; a proof cannot show that")
	return nil
}

// The companies that an event names stand in one cell, by these fields.
var roles = map[string]bool{
	"company": true, "placeholder": true, "market": true, "counterparty": true, "buyer": true, "supplier": true,
	"investor": true, "investee": true, "issuer": true, "holder": true, "borrower": true, "guarantor": true,
	"obligor": true, "beneficiary": true, "payer": true, "payee": true, "lenders": true,
}

// compareFacts checks that each row of facts.csv says what its record says, cell by cell.
func compareFacts(file string, records [][]byte, positions []int64) error {
	opened, err := os.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	rows, err := csv.NewReader(opened).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) != len(records)+1 {
		return fmt.Errorf("%s has %d rows for %d records", file, len(rows)-1, len(records))
	}
	for i, record := range records {
		said, err := facts(record, positions[i])
		if err != nil {
			return fmt.Errorf("record %d: %w", positions[i], err)
		}
		for place, name := range rows[0] {
			wanted, known := said[name]
			if !known && rows[i+1][place] != "" {
				return fmt.Errorf("%s: %s of record %d is %q, the record says nothing", file, name, positions[i], rows[i+1][place])
			}
			// A ' keeps spreadsheets from running a text as a formula.
			found := rows[i+1][place]
			neutralised := wanted != "" && strings.ContainsAny(wanted[:1], "=+-@\t\r") && found == "'"+wanted
			if found != wanted && !neutralised {
				return fmt.Errorf("%s: %s of record %d is %q, the record says %q", file, name, positions[i], found, wanted)
			}
		}
	}
	return nil
}

// facts returns what the row of one record has to say, by column.
func facts(record []byte, position int64) (map[string]string, error) {
	var leaf struct {
		Event         map[string]any `json:"event"`
		RecordedAt    string         `json:"recorded_at"`
		Recorder      string         `json:"recorder"`
		SchemaVersion json.Number    `json:"schema_version"`
	}
	decoder := json.NewDecoder(bytes.NewReader(record))
	decoder.UseNumber()
	if err := decoder.Decode(&leaf); err != nil {
		return nil, err
	}
	hash := tlog.RecordHash(record)
	row := map[string]string{
		"position": strconv.FormatInt(position, 10), "leaf_index": strconv.FormatInt(position-1, 10),
		"leaf_hash": hex.EncodeToString(hash[:]), "recorded_at": leaf.RecordedAt, "recorder": leaf.Recorder,
		"schema_version": leaf.SchemaVersion.String(),
	}
	take := func(from map[string]any, fields ...string) {
		for _, field := range fields {
			column, name := field, field
			if before, after, found := strings.Cut(field, "="); found {
				column, name = before, after
			}
			if value, there := from[name]; there && value != nil {
				row[column] = fmt.Sprint(value)
			}
		}
	}
	take(leaf.Event, "key", "type", "effective_on", "announced_on", "reason", "corrects", "confidence", "note")
	if source, there := leaf.Event["source"].(map[string]any); there {
		for name, value := range source {
			row["source_"+name] = fmt.Sprint(value)
		}
	}
	said := leaf.Event
	if replacement, there := leaf.Event["replacement"].(map[string]any); there {
		said = replacement
	}
	take(said, "amends", "about", "deal", "leg", "status", "capacity_gw", "shares=shares_max", "shares", "metric", "basis", "qualifier",
		"value=return", "value", "unit", "period_from=on", "period_to=on", "period_from", "period_to", "document_sha256=sha256")
	if amount, there := said["amount"].(map[string]any); there {
		take(amount, "amount=value", "currency", "qualifier")
	}
	row["parties"] = parties(said)
	return row, nil
}

// parties returns the companies of an event by role, in the order of the canonical record.
func parties(said map[string]any) string {
	var named []string
	for role, company := range said {
		if !roles[role] {
			continue
		}
		if lenders, several := company.([]any); several {
			var names []string
			for _, lender := range lenders {
				if of, there := lender.(map[string]any); there {
					names = append(names, fmt.Sprint(of["company"]))
				}
			}
			company = strings.Join(names, ", ")
		}
		named = append(named, fmt.Sprintf("%s %s", role, company))
	}
	sort.Strings(named)
	return strings.Join(named, "; ")
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
