import { describe, expect, it } from 'vitest';
import { readEntries } from '../../src/managed-fields/read-entries.js';

const ENTRY = {
  ...{ manager: 'a', operation: 'Apply', apiVersion: 'example.org/v1', fieldsType: 'FieldsV1' },
  time: '2026-01-01T00:00:00Z',
  fieldsV1: { 'f:spec': { '.': {}, 'k:{"name":"A"}': {}, 'v:1': {} } },
};

describe('entries that a client wrote', () => {
  it('are taken as they are', () => {
    const status = { ...ENTRY, subresource: 'status' };
    expect(readEntries([ENTRY, status])).toEqual([ENTRY, status]);
    expect(readEntries([])).toEqual([]);
  });

  it('lose what no entry has, and what is empty', () => {
    const { time: _time, ...timeless } = ENTRY;
    expect(readEntries([{ ...ENTRY, more: 1, time: null, subresource: '' }])).toEqual([timeless]);
  });

  it('are reset by one without anything in it', () => {
    expect(readEntries([{}])).toEqual([]);
  });

  it.each([
    ['no list', { ...ENTRY }],
    ['something else in the list', [ENTRY, 'a']],
    ['an empty one beside others', [ENTRY, {}]],
    ['the same author twice', [ENTRY, ENTRY]],
    ['no manager', [{ ...ENTRY, manager: '' }]],
    ['a long manager', [{ ...ENTRY, manager: 'm'.repeat(129) }]],
    ['another operation', [{ ...ENTRY, operation: 'Delete' }]],
    ['another type of fields', [{ ...ENTRY, fieldsType: 'FieldsV2' }]],
    ['no version', [{ ...ENTRY, apiVersion: undefined }]],
    ['a time that is none', [{ ...ENTRY, time: 'today' }]],
    ['a subresource that is none', [{ ...ENTRY, subresource: 7 }]],
    ['no fields', [{ ...ENTRY, fieldsV1: undefined }]],
    ['a field that is none', [{ ...ENTRY, fieldsV1: { spec: {} } }]],
    ['a value for a field', [{ ...ENTRY, fieldsV1: { 'f:spec': 'secret' } }]],
    ['something in itself', [{ ...ENTRY, fieldsV1: { '.': { 'f:a': {} } } }]],
    [
      'more than there can be',
      Array.from({ length: 65 }, (_, n) => ({ ...ENTRY, manager: `m${n}` })),
    ],
  ])('are refused with %s', (_what, entries) => {
    expect(readEntries(entries)).toBeUndefined();
  });
});
