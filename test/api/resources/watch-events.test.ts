import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../../src/api/requests/selection.js';
import { changeEvent } from '../../../src/api/resources/watch-events.js';
import type { Module } from '../../../src/model/module.js';
import { KINDS } from '../../../src/kinds/registered.js';
import type { Change, ChangeType, Stored } from '../../../src/registry/registry.js';

const aState = (app: string | undefined, resourceVersion: string): Stored => {
  const labels = app === undefined ? {} : { labels: { app } };
  const metadata = { name: 'demo', resourceVersion, ...labels };
  const object = { kind: 'Module', metadata } as unknown as Module;
  return { object, json: JSON.stringify(object) };
};

/** A change at version 7; `before` is undefined when it is not known. */
const aChange = (type: ChangeType, now: string, before?: string): Change => ({
  ...{ type, kind: 'Module', name: 'demo', resourceVersion: '7', stored: aState(now, '7') },
  previous: before === undefined ? undefined : aState(before, '6'),
});

const seen = (change: Change, query: Record<string, string>): string | undefined => {
  const event = changeEvent(change, selectionOf(query, KINDS.Module, undefined));
  if (event === undefined) return undefined;
  const { type, stored } = event;
  const object = JSON.parse(stored.json) as Module;
  return `${type} ${object.metadata.labels?.['app']} at ${object.metadata.resourceVersion}`;
};

const WEB = { labelSelector: 'app=web' };
const OTHER = { fieldSelector: 'metadata.name=other' };

describe('changeEvent()', () => {
  it.each([
    ['a new object that matches', aChange('ADDED', 'web'), 'ADDED web at 7'],
    ['a new object that does not', aChange('ADDED', 'job'), undefined],
    ['a change of one that matches', aChange('MODIFIED', 'web', 'web'), 'MODIFIED web at 7'],
    ['a change of one that does not', aChange('MODIFIED', 'job', 'job'), undefined],
    ['one that begins to match', aChange('MODIFIED', 'web', 'job'), 'ADDED web at 7'],
    ['one that ceases to match', aChange('MODIFIED', 'job', 'web'), 'DELETED web at 7'],
    ['a deletion of one that matches', aChange('DELETED', 'web', 'web'), 'DELETED web at 7'],
    ['a deletion of one that does not', aChange('DELETED', 'job', 'job'), undefined],
    ['a deletion by what makes it cease', aChange('DELETED', 'job', 'web'), 'DELETED web at 7'],
    ['a deletion by what makes it match', aChange('DELETED', 'web', 'job'), undefined],
    ['a change to a match from nobody knows what', aChange('MODIFIED', 'web'), 'MODIFIED web at 7'],
    ['a change from what may have matched', aChange('MODIFIED', 'job'), 'DELETED job at 7'],
  ])('%s', (_what, change, expected) => {
    expect(seen(change, WEB)).toBe(expected);
  });

  it('does not take an object for one that matched if it never can have', () => {
    expect(seen(aChange('MODIFIED', 'web'), OTHER)).toBeUndefined();
  });
});
