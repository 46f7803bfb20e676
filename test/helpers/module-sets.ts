import { API_VERSION } from '../../src/model/names.js';

export const SETS = '/apis/registrar.synapsis.network/v1/modulesets';

/** Where values stand in the template of a set. */
export const TEMPLATE = {
  metadata: { labels: { hotkey: '${hotkey}' } },
  spec: {
    ...{ version: '1.0.0', type: 'miner', license: 'MIT', image: 'sample:1' },
    env: [{ name: 'HOTKEY', value: '${hotkey}' }],
    ports: [{ name: 'axon', containerPort: 8091, hostPort: '${port}' }],
  },
};

/** Instances with a hotkey and a port of the host each. */
export const instances = (...names: readonly string[]) =>
  names.map((name, index) => ({ name, values: { hotkey: name, port: 20001 + index } }));

/** A set as a client sends it: of two instances unless the spec says another. */
export const aModuleSet = (name: string, spec: object = {}) => ({
  ...{ apiVersion: API_VERSION, kind: 'ModuleSet', metadata: { name } },
  spec: { instances: instances('alice', 'bob'), template: TEMPLATE, ...spec },
});

/** A set that counts. */
export const aCountedSet = (name: string, replicas: number, spec: object = {}) => ({
  ...{ apiVersion: API_VERSION, kind: 'ModuleSet', metadata: { name } },
  spec: {
    replicas,
    values: { hotkey: 'shared' },
    ranges: [{ name: 'port', from: 20001 }],
    template: TEMPLATE,
    ...spec,
  },
});
