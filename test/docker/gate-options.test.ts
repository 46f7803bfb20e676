import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { gateOptions } from '../../src/docker/gate-options.js';
import { ownerOf } from '../../src/model/owner.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { isSecretVolume } from '../../src/model/volumes.js';
import { anyTemplate } from '../helpers/any-template.js';
import { aTemplate } from '../helpers/requests.js';

interface Body extends Record<string, unknown> {
  readonly Labels: Record<string, string>;
  readonly HostConfig: Record<string, unknown> & { readonly Tmpfs: Record<string, string> };
}

/** Where files of Secrets are. */
const folderOf = (volume: string): string => `/run/registrar/${volume}`;

function bodyOf(overrides: Partial<ContainerTemplate> = {}, secrets = new Map()): Body {
  const template = aTemplate(overrides);
  const hostPaths = new Map(template.volumes.map(({ name }) => [name, folderOf(name)]));
  return gateOptions({
    ...{ instance: 'instance-1', module: 'web', command: ['check', '--all'], secrets },
    ...{ template, imageId: 'sha256:image', user: '1:1' },
    ...{ network: 'registrar-instance', hostPaths },
  }) as Body;
}

describe('gateOptions', () => {
  test('isolates a gate as a container of the module, and starts it once', () => {
    const { HostConfig, Labels, ...rest } = bodyOf();
    expect(HostConfig).toEqual({
      ...{ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], ReadonlyRootfs: true },
      ...{ IpcMode: 'private', NetworkMode: 'registrar-instance' },
      ...{ Memory: 2 ** 26, MemorySwap: 2 ** 26, NanoCpus: 5e8, PidsLimit: 32 },
      ...{ Mounts: [], PortBindings: {} },
      Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=67108864,mode=1777,uid=1,gid=1' },
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    expect(rest).toEqual({
      ...{ Image: 'sha256:image', User: '1:1', Env: [], Entrypoint: ['check', '--all'] },
      ...{ ExposedPorts: {}, StopTimeout: 10, Healthcheck: { Test: ['NONE'] } },
      NetworkingConfig: { EndpointsConfig: { 'registrar-instance': {} } },
    });
    expect(Labels).toMatchObject({
      'registrar.synapsis.network/instance': 'instance-1',
      'registrar.synapsis.network/gate': 'web',
    });
  });

  test('is no slot, also of an image that says in its labels that it is one', () => {
    const image = {
      'registrar.synapsis.network/module': 'web',
      'registrar.synapsis.network/uid': 'uid-1',
      'registrar.synapsis.network/revision': 'aaaaaaaaaaaaaaaa',
      'registrar.synapsis.network/spec-hash': 'hash',
      'registrar.synapsis.network/slot': '0',
      'registrar.synapsis.network/generation': '1',
    };
    expect(
      ownerOf({ ...image, 'registrar.synapsis.network/instance': 'instance-1' }),
    ).toBeDefined();
    expect(ownerOf({ ...image, ...bodyOf().Labels })).toBeUndefined();
  });

  test('has the environment of the module, and memory in place of its volumes', () => {
    const env = [
      { name: 'NETUID', value: '17' },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } },
    ];
    const volumes = [
      { name: 'state', mountPath: '/data', readOnly: false },
      { name: 'wallet', hostPath: '/srv/wallet', mountPath: '/wallet', readOnly: true },
    ];
    const { Env, HostConfig } = bodyOf({ env, volumes }, new Map([['KEY', 'secret']]));
    expect(Env).toEqual(['NETUID=17', 'KEY=secret']);
    expect(Object.keys(HostConfig.Tmpfs)).toEqual(['/tmp', '/data', '/wallet']);
    expect(HostConfig['Mounts']).toEqual([]);
  });

  property.prop([anyTemplate])('has nothing that what runs could notice', (template) => {
    const { HostConfig, ExposedPorts, Labels } = bodyOf(template);
    expect(HostConfig).toMatchObject({ PortBindings: {}, ReadonlyRootfs: true });
    const mounts = template.volumes.filter(isSecretVolume).map(({ name, mountPath }) => ({
      ...{ Type: 'bind', Source: folderOf(name), Target: mountPath, ReadOnly: true },
      BindOptions: { Propagation: 'rprivate' },
    }));
    expect(HostConfig['Mounts']).toEqual(mounts);
    expect(Object.keys(HostConfig)).not.toContain('CapAdd');
    expect(Object.keys(HostConfig)).not.toContain('DeviceRequests');
    expect(ExposedPorts).toEqual({});
    expect(ownerOf(Labels)).toBeUndefined();
  });
});
