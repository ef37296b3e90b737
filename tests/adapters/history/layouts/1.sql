INSERT INTO epochs (id, tool, rules, configuration) VALUES ('e', '1.0', '{"zod/a": "h"}', 'c');
INSERT INTO scans (
  id, key, project, at, "commit", branch, is_dirty, epoch, verdict, completeness, errors, warnings, notes, endpoints
) VALUES (
  1, 'k', 'clinic', '2026-06-01 09:30:00.000000', 'abcd', NULL, false, 'e', 'passed',
  '{"files_parsed": 1, "files": 1, "imports_resolved": 0, "imports": 0, "routers_mounted": 0, "routers": 0, "routes_resolved": 0, "routes": 0, "handlers_known": 0, "endpoints": 0}',
  1, 0, 0, 1
);
INSERT INTO metrics VALUES (1, 0, 'code-quality', 'Code quality', 90, 66.7, 2, 3, 0, NULL);
INSERT INTO measures VALUES (1, 0, 'code-quality', 'zod/a', 2, 3, 0, 1);
INSERT INTO findings VALUES (7, 'd', 'zod/a', 'error', 'bad', 'a.js', 1, 2, 3, 'f', 'c', '.', 'GET', '/', 's');
INSERT INTO scan_findings VALUES (1, 0, 7);
INSERT INTO endpoints VALUES (9, 'd', 'GET', '/', 'a.js', 1, '.', '{"body": "yes"}');
INSERT INTO scan_endpoints VALUES (1, 0, 9);
