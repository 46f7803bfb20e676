import { API_VERSION } from '../../src/model/names.js';

export const POLICIES = '/apis/registrar.synapsis.network/v1/policies';

/** A policy as a client sends it. */
export const aPolicy = (name: string, spec: object = {}) => ({
  ...{ apiVersion: API_VERSION, kind: 'Policy', metadata: { name }, spec },
});
