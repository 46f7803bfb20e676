import { describe, expect, it } from 'vitest';
import { acceptedForm, chooseForm, mediaTypeOf, PLAIN } from '../../../src/api/requests/accept.js';

const form = (as: string, group: string, version: string) => ({ as, group, version });
const TABLE = form('Table', 'meta.k8s.io', 'v1');
const OLD_TABLE = form('Table', 'meta.k8s.io', 'v1beta1');
const AGGREGATED = form('APIGroupDiscoveryList', 'apidiscovery.k8s.io', 'v2');
const OFFERED = [TABLE, OLD_TABLE, AGGREGATED];

const table = (version: string): string => `application/json;as=Table;v=${version};g=meta.k8s.io`;
const PROTOBUF = 'application/vnd.kubernetes.protobuf';

describe('Accept', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/*',
    'application/json',
    'APPLICATION/JSON; charset=utf-8',
    'application/json;stream=watch',
    'application/json, */*;q=0.8',
    `${PROTOBUF},application/json`,
    `${PROTOBUF}, */*`,
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
    `application/json;as=Tree;v=v1;g=meta.k8s.io,application/json`,
    `${table('v9')},application/json`,
    'application/json;as=Table;v=v1;g=example.com, application/json',
    `${PROTOBUF};as=Table;v=v1;g=meta.k8s.io,application/json`,
    `application/json;q=0,*/*`,
  ])('%s takes the object as it is', (accept) => {
    expect(chooseForm(accept, OFFERED)).toBe(PLAIN);
  });

  it.each([
    [`${table('v1')},${table('v1beta1')},application/json`, TABLE],
    [`${table('v1beta1')},application/json`, OLD_TABLE],
    [`${table('v2')} , ${table('v1')}`, TABLE],
    ['application/json; g="meta.k8s.io"; v="v1"; as="Table"', TABLE],
    ['application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList', AGGREGATED],
    [
      'application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
      AGGREGATED,
    ],
  ])('%s takes another form', (accept, expected) => {
    expect(chooseForm(accept, OFFERED)).toBe(expected);
  });

  it.each([
    'text/html',
    'application/yaml',
    PROTOBUF,
    'json',
    table('v9'),
    `${table('v1')};q=0`,
    'application/json;q=0.0',
    ',;=,;;==',
    'application/json;as=__proto__;g=constructor;v=toString',
    `application/json;as${'='.repeat(9000)}`,
    `${'text/html,'.repeat(5000)}application/json`,
    `application/json;as="${'x'.repeat(10_000)}"`,
  ])('%.60s takes nothing that there is', (accept) => {
    expect(chooseForm(accept, OFFERED)).toBeUndefined();
    expect(() => acceptedForm(accept, OFFERED)).toThrow(
      'only the following media types are accepted: application/json',
    );
  });

  it('is answered with a type that says the form', () => {
    expect(mediaTypeOf(PLAIN)).toBe('application/json');
    expect(mediaTypeOf(AGGREGATED)).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
  });
});
