/** Who wants to do what, and from where: what is known of a line of the audit before its result. */
export interface AuditEntry {
  /** Name of the identity. */
  readonly user: string;
  readonly groups: readonly string[];
  /** Address of the client, `socket`, or `config:` and the file of the config directory. */
  readonly source: string;
  /** `create`, `update`, `patch`, `delete` and so on. */
  readonly verb: string;
  /** Such as `modules.registrar.synapsis.network/scale`, or a path. */
  readonly resource: string;
  /** Empty when the request names no object. */
  readonly name: string;
  readonly namespace: string;
  /** As in the log of the daemon and in the answer; empty when there was no request. */
  readonly requestId: string;
}

/** What it came to. */
export interface AuditOutcome {
  /** HTTP status. */
  readonly code: number;
  /** One word: `OK`, `Created`, or the reason of the Status that the client got. */
  readonly reason: string;
}

/** A line of the audit. */
export interface AuditRecord extends AuditEntry, AuditOutcome {
  /** Counts the lines from 1, without gaps. */
  readonly seq: number;
  /** RFC 3339 with milliseconds. */
  readonly time: string;
  /** SHA-256 of the object before and after, in hexadecimal; empty when there was none. */
  readonly oldHash: string;
  readonly newHash: string;
  /** Requests that the line stands for: more than one when many were refused at once. */
  readonly count: number;
  readonly previousHash: string;
  /** SHA-256 over the whole line, `previousHash` included. */
  readonly hash: string;
}

/** Which lines are wanted; those that are given must all match. */
export interface AuditFilter {
  readonly user?: string | undefined;
  readonly verb?: string | undefined;
  /** The whole resource, or without its group and subresource: `modules`. */
  readonly resource?: string | undefined;
  readonly name?: string | undefined;
  /** An HTTP status, a reason, `denied` for 401 and 403, or `refused` for all from 400. */
  readonly result?: string | undefined;
  /** Lines from this time on, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  /** Lines before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Whether the audit is as it was written. */
export interface AuditVerdict {
  readonly ok: boolean;
  /** Lines that were looked at. */
  readonly checked: number;
  /** The first and the last line there is; 0 when there is none. */
  readonly first: number;
  readonly last: number;
  /** Hash of the last line, which stands for all of them. */
  readonly hash: string;
  /** The first line that is not as it was written. */
  readonly problem?: { readonly seq: number; readonly message: string };
}
