// What a shop's developer would write in Go: net/http and go-sqlite3, WAL, synchronous=FULL, PPRO-Signature verified, a unique key against duplicates.
//
//	go_peer PORT naive|batch DATABASE
//
// naive: one transaction for each request. batch: one goroutine takes what waits in a channel into one transaction, up to 512 at a time.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

const (
	schema = `CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, source TEXT NOT NULL, eid TEXT NOT NULL, type TEXT, subject TEXT, time TEXT,
		body BLOB NOT NULL, state INT, next_at INT, UNIQUE (source, eid))`
	insert     = "INSERT OR IGNORE INTO event (source, eid, type, subject, time, body, state, next_at) VALUES (?, ?, ?, ?, ?, ?, 0, 0)"
	batchLimit = 512
)

var secret = []byte("bench-signing-secret")

type event struct {
	ID      string `json:"id"`
	Source  string `json:"source"`
	Type    string `json:"type"`
	Subject string `json:"subject"`
	Time    string `json:"time"`
}

type webhook struct {
	event event
	body  []byte
	done  chan error
}

// store keeps one webhook and returns when it is committed.
type store func(event, []byte) error

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func open(path string) (*sql.DB, *sql.Stmt) {
	database, err := sql.Open("sqlite3", "file:"+path+"?_synchronous=FULL&_busy_timeout=10000")
	check(err)
	database.SetMaxOpenConns(1)
	_, err = database.Exec("PRAGMA journal_mode=WAL")
	check(err)
	_, err = database.Exec(schema)
	check(err)
	statement, err := database.Prepare(insert)
	check(err)
	return database, statement
}

func execute(statement *sql.Stmt, e event, body []byte) error {
	_, err := statement.Exec(e.Source, e.ID, e.Type, e.Subject, e.Time, body)
	return err
}

func naive(path string) store {
	_, statement := open(path)
	return func(e event, body []byte) error { return execute(statement, e, body) }
}

func batch(path string) store {
	database, statement := open(path)
	waiting := make(chan *webhook, 4096)
	go func() {
		for first := range waiting {
			commit(database, statement, gather(first, waiting))
		}
	}()
	return func(e event, body []byte) error {
		one := &webhook{e, body, make(chan error, 1)}
		waiting <- one
		return <-one.done
	}
}

// gather takes what waits, without waiting for more.
func gather(first *webhook, waiting chan *webhook) []*webhook {
	taken := append(make([]*webhook, 0, batchLimit), first)
	for len(taken) < batchLimit {
		select {
		case next := <-waiting:
			taken = append(taken, next)
		default:
			return taken
		}
	}
	return taken
}

func commit(database *sql.DB, statement *sql.Stmt, taken []*webhook) {
	transaction, err := database.Begin()
	check(err)
	insert := transaction.Stmt(statement)
	for _, one := range taken {
		check(execute(insert, one.event, one.body))
	}
	err = transaction.Commit()
	for _, one := range taken {
		one.done <- err
	}
}

func holds(signature string, body []byte) bool {
	timestamp, code, found := strings.Cut(strings.TrimPrefix(signature, "t="), ",s=")
	given, err := hex.DecodeString(code)
	sum := hmac.New(sha256.New, secret)
	sum.Write([]byte(timestamp + "."))
	sum.Write(body)
	return found && err == nil && hmac.Equal(given, sum.Sum(nil))
}

func receive(keep store) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(io.LimitReader(request.Body, 1<<20))
		if err != nil {
			answer.WriteHeader(http.StatusBadRequest)
			return
		}
		if !holds(request.Header.Get("PPRO-Signature"), body) {
			answer.WriteHeader(http.StatusUnauthorized)
			return
		}
		var e event
		if json.Unmarshal(body, &e) != nil || e.ID == "" {
			answer.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		if keep(e, body) != nil {
			answer.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		answer.WriteHeader(http.StatusAccepted)
	}
}

func main() {
	port, mode, path := os.Args[1], os.Args[2], os.Args[3]
	modes := map[string]func(string) store{"naive": naive, "batch": batch}
	http.HandleFunc("/webhooks/ppro", receive(modes[mode](path)))
	check(http.ListenAndServe("127.0.0.1:"+port, nil))
}
