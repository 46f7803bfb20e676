import { hash } from 'node:crypto';
import { stableJson } from './stable-json.js';

/** SHA-256 of a value as stable JSON, 64 hexadecimal digits: equal values give equal hashes. */
export const stableHash = (value: unknown): string => hash('sha256', stableJson(value));
