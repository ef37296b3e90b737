"""Which file an import leads to, as Node and TypeScript decide it, and the graph of all imports.

`Projects` reads package.json, tsconfig.json and workspace files of an `Inventory`; `Resolver` answers for one import;
`build_graph` for all. Nothing here reads the disk.
"""
