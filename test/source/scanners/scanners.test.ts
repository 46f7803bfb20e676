import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRYPE } from '../../../src/source/scanners/grype.js';
import { OSV_SCANNER } from '../../../src/source/scanners/osv-scanner.js';
import { TRIVY } from '../../../src/source/scanners/trivy.js';

const FOLDER = '/scan/source';
const file = 'miner/requirements.txt';
const aiohttp = { package: 'aiohttp', version: '3.8.0', file };

const fixture = (name: string): unknown =>
  JSON.parse(
    readFileSync(
      join(import.meta.dirname, `../../fixtures/scanners/${name}.json`),
      'utf8',
    ).replaceAll('FOLDER', FOLDER),
  );

test('trivy', () => {
  expect(TRIVY.read(fixture('trivy'), FOLDER)).toEqual([
    { id: 'CVE-2024-0001', ...aiohttp, severity: 'high', fixedIn: '3.8.6' },
    { id: 'CVE-2024-0002', package: 'torch', version: '2.0.0', severity: 'unknown', file },
  ]);
});

test('grype', () => {
  expect(GRYPE.read(fixture('grype'), FOLDER)).toEqual([
    { id: 'GHSA-aaaa-bbbb-cccc', ...aiohttp, severity: 'critical', fixedIn: '3.8.6, 3.9.0' },
    { id: 'CVE-2024-0002', package: 'torch', version: '2.0.0', severity: 'low' },
  ]);
});

test('osv-scanner', () => {
  expect(OSV_SCANNER.read(fixture('osv-scanner'), FOLDER)).toEqual([
    { id: 'GHSA-aaaa-bbbb-cccc', ...aiohttp, severity: 'high', fixedIn: '3.8.6' },
    { id: 'PYSEC-2024-1', ...aiohttp, severity: 'medium' },
    { id: 'PYSEC-2024-2', ...aiohttp, severity: 'unknown' },
  ]);
});

test('nothing found is an empty list', () => {
  expect(TRIVY.read({ SchemaVersion: 2, ArtifactName: 'x' }, FOLDER)).toEqual([]);
  expect(GRYPE.read({ matches: [] }, FOLDER)).toEqual([]);
  expect(OSV_SCANNER.read({ results: [] }, FOLDER)).toEqual([]);
  expect(OSV_SCANNER.read({ results: null }, FOLDER)).toEqual([]);
});

describe.each([TRIVY, GRYPE, OSV_SCANNER])('$name', (scanner) => {
  test.each([[{}], [[]], ['text'], [7], [{ error: 'no database' }]])(
    'another document than it writes is no report: %j',
    (json) => {
      expect(scanner.read(json, FOLDER)).toBeUndefined();
    },
  );

  test.each([
    [{ SchemaVersion: 2, Results: 'x', matches: 'x', results: 'x' }],
    [{ SchemaVersion: 2, Results: [null, 7, { Vulnerabilities: [null, 'x'] }] }],
    [{ matches: [null, 7, { vulnerability: 'x', artifact: { locations: 'x' } }] }],
    [{ results: [null, { packages: [7, { vulnerabilities: [null, { affected: 'x' }] }] }] }],
  ])('parts of another shape do no harm: %j', (json) => {
    expect(() => scanner.read(json, FOLDER)).not.toThrow();
  });
});
