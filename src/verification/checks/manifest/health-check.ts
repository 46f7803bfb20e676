import Type from 'typebox';
import type { ModuleManifest } from '../../../model/module.js';
import { check, NotApplicable } from '../../check.js';
import { specField } from './spec-field.js';

/** A container that runs is known to work. Off: `image/health-check` takes that of the image too. */
export const HEALTH_CHECK = check({
  id: 'manifest/health-check',
  title: 'The manifest has a health check',
  severity: 'low',
  mode: 'off',
  about: 'manifest',
  why: 'The health check of an image can change with the image. See image/health-check, which takes it.',
  remedy: 'Set spec.healthCheck',
  run({ manifest }) {
    if (manifest.spec.healthCheck !== undefined) return [];
    return [{ field: specField('healthCheck'), message: 'There is no health check' }];
  },
});

const Bound = (value: number, max: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, maximum: max, description });

/** Health checks come neither too often nor too seldom. */
export const PROBE_BOUNDS = check({
  id: 'manifest/probe-bounds',
  title: 'The times of the health check are within bounds',
  severity: 'medium',
  mode: 'enforce',
  about: 'manifest',
  why: 'Checks that come too often take time from what is checked; too seldom, and a failure stays unseen.',
  remedy: 'Choose times within the bounds, or change the bounds in the policy',
  parameters: Type.Object({
    minIntervalSeconds: Bound(1, 300, 'Shortest time between two checks'),
    maxIntervalSeconds: Bound(300, 300, 'Longest time between two checks'),
    minTimeoutSeconds: Bound(1, 60, 'Shortest time that a check may take'),
    maxTimeoutSeconds: Bound(60, 60, 'Longest time that a check may take'),
    minRetries: Bound(1, 10, 'Fewest failures in a row that count'),
    maxRetries: Bound(10, 10, 'Most failures in a row that count'),
  }),
  run({ manifest }, bounds) {
    const { intervalSeconds, timeoutSeconds, retries } = healthCheckOf(manifest);
    const { minIntervalSeconds, maxIntervalSeconds, minTimeoutSeconds, maxTimeoutSeconds } = bounds;
    return [
      ...outside('intervalSeconds', intervalSeconds, minIntervalSeconds, maxIntervalSeconds),
      ...outside('timeoutSeconds', timeoutSeconds, minTimeoutSeconds, maxTimeoutSeconds),
      ...outside('retries', retries, bounds.minRetries, bounds.maxRetries),
    ];
  },
});

function healthCheckOf({ spec: { healthCheck } }: ModuleManifest) {
  if (healthCheck === undefined) throw new NotApplicable('The module has no health check');
  return healthCheck;
}

function outside(name: string, value: number, min: number, max: number) {
  if (value >= min && value <= max) return [];
  const message = `${value} is not within ${min} to ${max}`;
  return [{ field: specField('healthCheck', name), message }];
}
