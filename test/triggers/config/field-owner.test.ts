import { expect, it } from 'vitest';
import { parseDeclared } from '../../../src/kinds/declared.js';
import type { Module } from '../../../src/model/module.js';
import { isOnRecord } from '../../../src/triggers/config/field-owner.js';
import { isCurrent, recordedDraft } from '../../../src/triggers/config/draft.js';
import { yamlOf } from '../../helpers/config-world.js';
import { aStored } from '../../helpers/config-files.js';

const NOW = '2026-01-01T12:00:00Z';

function declare(name: string) {
  const [parsed] = parseDeclared(yamlOf(name), 'a.yaml').manifests;
  if (parsed === undefined) throw new Error('The manifest is not valid');
  return { manifest: parsed.manifest, file: 'a.yaml', line: 1 };
}

it('the config directory is on record for what a file says, and for its own mark', () => {
  const draft = recordedDraft(declare('web'), undefined, NOW);
  expect(draft.metadata.managedFields).toMatchObject([
    {
      ...{ manager: 'registrar-config', operation: 'Apply', time: NOW },
      fieldsV1: {
        'f:metadata': { 'f:annotations': { 'f:registrar.synapsis.network/config-file': {} } },
        'f:spec': { 'f:version': {}, 'f:image': {} },
      },
    },
  ]);
});

it('a module from before is put on record once', () => {
  const declaration = declare('web');
  const before = aStored('web', 'a.yaml', { managedFields: [] });
  if (declaration.manifest.kind !== 'Module') throw new Error('A module was declared');
  const { spec } = declaration.manifest;
  expect(isCurrent(declaration, { ...before, spec })).toBe(false);
  const { metadata } = recordedDraft(declaration, { ...before, spec }, NOW);
  const merged = { ...before.metadata, ...metadata } as Module['metadata'];
  const after = { ...before, spec, metadata: merged };
  expect(isOnRecord(after)).toBe(true);
  expect(isCurrent(declaration, after)).toBe(true);
});
