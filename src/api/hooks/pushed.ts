import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';

/** Where GitHub, Gitea and GitLab tell which repository was pushed to. */
const OBJECTS = ['repository', 'project'] as const;
const ADDRESSES = [
  ...['clone_url', 'ssh_url', 'html_url', 'git_url'],
  ...['git_http_url', 'git_ssh_url', 'http_url', 'web_url', 'homepage', 'url'],
] as const;

/** Addresses of the repository that a push names; none when it says nothing of one. */
export function repositoriesIn(body: Buffer, contentType: string): string[] {
  const payload = parse(body, contentType);
  if (!isJsonObject(payload)) return [];
  const objects = OBJECTS.map((key) => payload[key]).filter(isJsonObject);
  return [...new Set(objects.flatMap(addressesIn))];
}

const addressesIn = (object: JsonObject): string[] =>
  ADDRESSES.map((key) => object[key]).filter((value) => typeof value === 'string');

/** JSON, or a form that has it as its field `payload`. */
function parse(body: Buffer, contentType: string): unknown {
  const isForm = contentType.startsWith('application/x-www-form-urlencoded');
  const text = body.toString();
  try {
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text);
  } catch {
    return undefined;
  }
}
