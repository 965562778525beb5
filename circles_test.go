package main

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// In the packages of identity, no file needs a file that needs it: each can be read after
// those that it needs, and by itself.
func TestFilesOfIdentityFormNoCircle(t *testing.T) {
	err := filepath.WalkDir("aggregator/identity", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		needs := fileNeeds(t, path)
		for file := range needs {
			if circle := circleOf(needs, file, nil); circle != nil {
				t.Errorf("%s: %s", path, strings.Join(circle, " needs "))
				break
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fileNeeds says which files of a package each of its files refers to.
func fileNeeds(t *testing.T, dir string) map[string]map[string]bool {
	fset := token.NewFileSet()
	p, err := build.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: nothingImported{}, Error: func(error) {}}
	own, _ := conf.Check(dir, fset, files, info) // what other packages declare is not known, and not needed
	needs := map[string]map[string]bool{}
	for ident, object := range info.Uses {
		variable, isVar := object.(*types.Var)
		if object.Pkg() != own || isVar && variable.Parent() != own.Scope() { // of a field, the type is used as well
			continue
		}
		user, used := fset.Position(ident.Pos()).Filename, fset.Position(object.Pos()).Filename
		if user != used {
			if needs[user] == nil {
				needs[user] = map[string]bool{}
			}
			needs[user][used] = true
		}
	}
	return needs
}

// nothingImported stands for every other package with an empty one.
type nothingImported struct{}

func (nothingImported) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}

// circleOf is a way from a file by what it needs back to itself; nil if there is none.
func circleOf(needs map[string]map[string]bool, file string, way []string) []string {
	name := filepath.Base(file)
	if at := slices.Index(way, name); at >= 0 {
		return append(way[at:len(way):len(way)], name)
	}
	way = append(way[:len(way):len(way)], name)
	for used := range needs[file] {
		if circle := circleOf(needs, used, way); circle != nil {
			return circle
		}
	}
	return nil
}
