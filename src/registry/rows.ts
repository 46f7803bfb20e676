/** Rows as SQLite holds them: snake_case, JSON as text, times as RFC 3339 text. */

export interface DbModuleRow {
  readonly name: string;
  readonly version: string;
  readonly repo_url: string;
  readonly branch: string;
  readonly description: string;
  readonly author: string;
  readonly license: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly module_type: string;
  /** The phase. */
  readonly status: string;
  readonly uid: string;
  readonly generation: number;
  readonly resource_version: number;
  readonly labels: string;
  readonly annotations: string;
  readonly finalizers: string;
  readonly owner_references: string;
  readonly managed_fields: string;
  readonly deletion_timestamp: string | null;
  readonly spec: string;
  /** The whole status. */
  readonly status_detail: string;
  /** The file of the config directory that owns the module, empty when none does. */
  readonly owner: string;
}

export interface DbEventRow {
  readonly name: string;
  readonly resource_version: number;
  readonly object_kind: string;
  readonly object_name: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly first_timestamp: string;
  readonly last_timestamp: string;
  readonly object: string;
}

export interface DbObjectRow {
  readonly kind: string;
  readonly name: string;
  readonly resource_version: number;
  readonly object: string;
}

export interface DbChangeRow {
  readonly resource_version: number;
  readonly type: string;
  readonly kind: string;
  readonly name: string;
  readonly object: string;
}

export interface DbAuditRow {
  readonly seq: number;
  readonly time: string;
  readonly user: string;
  /** A JSON array of names. */
  readonly groups: string;
  readonly source: string;
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly namespace: string;
  readonly old_hash: string;
  readonly new_hash: string;
  readonly code: number;
  readonly reason: string;
  readonly count: number;
  readonly request_id: string;
  readonly previous_hash: string;
  readonly hash: string;
}

export interface DbMetaRow {
  readonly key: string;
  readonly value: string;
}
