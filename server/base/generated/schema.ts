// Made by `npm run generate` from the migrations. Do not edit.
import type { ColumnType } from 'kysely';
import type { Json } from '../json.ts';

export interface DB {
  action_bindings: {
    id: string;
    trigger: string;
    place: number;
    action: string;
    display_name: string;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  action_cache: {
    trigger: string;
    key: string;
    value: string;
    expires_at: ColumnType<Date, Date, Date>;
  };
  action_executions: {
    id: string;
    customer: ColumnType<string | null, string | null | undefined, string | null>;
    trigger: string;
    status: string;
    results: ColumnType<Json, string, string>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  action_versions: {
    id: string;
    action: string;
    number: number;
    code: string;
    dependencies: ColumnType<Json, string, string>;
    runtime: string;
    secrets: string;
    created_at: ColumnType<Date, Date, Date>;
    deployed_by: ColumnType<string | null, string | null | undefined, string | null>;
    deployed_by_name: ColumnType<string | null, string | null | undefined, string | null>;
  };
  actions: {
    id: string;
    name: string;
    trigger: string;
    code: string;
    dependencies: ColumnType<Json, string, string>;
    runtime: string;
    secrets: string;
    on_failure: string;
    deployed: ColumnType<string | null, string | null | undefined, string | null>;
    all_changes_deployed: ColumnType<boolean, boolean | undefined, boolean>;
    built_at: ColumnType<Date, Date, Date>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  attempts: {
    scope: string;
    key: Buffer;
    window_start: ColumnType<Date, Date, Date>;
    count: number;
    failed: ColumnType<number, number | undefined, number>;
    blocked_until: ColumnType<Date | null, Date | null | undefined, Date | null>;
    expires_at: ColumnType<Date, Date, Date>;
    hint: ColumnType<string | null, string | null | undefined, string | null>;
    ip: ColumnType<string | null, string | null | undefined, string | null>;
  };
  attribute_shares: {
    path: string;
    day: ColumnType<Date, Date | string, Date | string>;
    known: ColumnType<string, string | number | bigint, string | number | bigint>;
    customers: ColumnType<string, string | number | bigint, string | number | bigint>;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
  };
  attributes: {
    path: string;
    type: string;
    labels: ColumnType<Json, string | undefined, string>;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    sensitive: ColumnType<boolean, boolean | undefined, boolean>;
    segmentable: ColumnType<boolean, boolean | undefined, boolean>;
    retention_days: ColumnType<number | null, number | null | undefined, number | null>;
    ranking: ColumnType<string[], string[] | undefined, string[]>;
    choices: ColumnType<Json | null, string | null | undefined, string | null>;
    is_system: ColumnType<boolean, boolean | undefined, boolean>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    askable: ColumnType<boolean, boolean | undefined, boolean>;
  };
  audit: {
    id: string;
    at: ColumnType<Date, Date, Date>;
    by: string;
    who: string;
    who_name: string;
    act: string;
    route: string;
    summary: string;
    about: string;
    thing: ColumnType<string | null, string | null | undefined, string | null>;
    customer: ColumnType<string | null, string | null | undefined, string | null>;
    paths: string[];
    ip: ColumnType<string | null, string | null | undefined, string | null>;
    user_agent: string;
    values_hash: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
    mac: Buffer;
    seal: ColumnType<string | null, string | number | bigint | null | undefined, string | number | bigint | null>;
  };
  audit_chain: {
    id: number;
    first_number: ColumnType<string, string | number | bigint, string | number | bigint>;
    first_hash: Buffer;
    last_number: ColumnType<string, string | number | bigint, string | number | bigint>;
    last_hash: Buffer;
    mac: Buffer;
  };
  audit_seals: {
    number: ColumnType<string, string | number | bigint, string | number | bigint>;
    rows: number;
    newest_at: ColumnType<Date, Date, Date>;
    hash: Buffer;
  };
  audit_values: {
    customer: string;
    audit: string;
    salt: Buffer;
    changes: string;
  };
  authentication_methods: {
    id: string;
    subject: string;
    type: string;
    data: ColumnType<Json, string, string>;
    proved_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    created_at: ColumnType<Date, Date, Date>;
    sealed: ColumnType<string | null, string | null | undefined, string | null>;
    last_step: ColumnType<string | null, string | number | bigint | null | undefined, string | number | bigint | null>;
    credential_id: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
  };
  brands: {
    id: string;
    slug: string;
    name: string;
    theme: ColumnType<Json, string | undefined, string>;
    texts: ColumnType<Json, string | undefined, string>;
    logo_url: ColumnType<string | null, string | null | undefined, string | null>;
    website: ColumnType<string | null, string | null | undefined, string | null>;
    mail_from: ColumnType<string | null, string | null | undefined, string | null>;
    mail_reply_to: ColumnType<string | null, string | null | undefined, string | null>;
    privacy_url: ColumnType<string | null, string | null | undefined, string | null>;
    terms_url: ColumnType<string | null, string | null | undefined, string | null>;
    support_url: ColumnType<string | null, string | null | undefined, string | null>;
    default_language: ColumnType<string, string | undefined, string>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    mfa: ColumnType<string | null, string | null | undefined, string | null>;
  };
  client_grants: {
    id: string;
    client_id: string;
    audience: string;
    scope: string[];
    created_at: ColumnType<Date, Date, Date>;
    reads: ColumnType<string[], string[] | undefined, string[]>;
    writes: ColumnType<string[], string[] | undefined, string[]>;
    brands: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
  };
  connection_portals: {
    connection_id: string;
    client_id: string;
  };
  connections: {
    id: string;
    name: string;
    strategy: string;
    display_name: ColumnType<string | null, string | null | undefined, string | null>;
    options: ColumnType<Json, string, string>;
    secrets: ColumnType<string | null, string | null | undefined, string | null>;
    show_as_button: ColumnType<boolean, boolean | undefined, boolean>;
    realms: ColumnType<string[], string[] | undefined, string[]>;
    metadata: ColumnType<Json, string | undefined, string>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  consent_catalogue: {
    id: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    purpose: string;
    topic: ColumnType<string | null, string | null | undefined, string | null>;
    required: boolean;
    at_sign_up: boolean;
    in_journey: boolean;
    double_opt_in: boolean;
    minimum_age: ColumnType<number | null, number | null | undefined, number | null>;
    under_age: string;
    unknown_age: string;
    position: number;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  consent_confirmations: {
    id: string;
    subject: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    purpose: string;
    topic: ColumnType<string | null, string | null | undefined, string | null>;
    version: string;
    wording: string;
    language: string;
    source: string;
    portal: ColumnType<string | null, string | null | undefined, string | null>;
    place: ColumnType<string | null, string | null | undefined, string | null>;
    client: ColumnType<string | null, string | null | undefined, string | null>;
    ip: ColumnType<string | null, string | null | undefined, string | null>;
    at: ColumnType<Date, Date, Date>;
    address: string;
    secret_hash: Buffer;
    expires_at: ColumnType<Date, Date, Date>;
    consumed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  consent_wordings: {
    consent: string;
    version: string;
    texts: ColumnType<Json, string, string>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    published_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    withdrawn_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  consents: {
    id: string;
    subject: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    purpose: string;
    topic: ColumnType<string | null, string | null | undefined, string | null>;
    given: boolean;
    version: string;
    wording: string;
    language: string;
    source: string;
    ip: ColumnType<string | null, string | null | undefined, string | null>;
    at: ColumnType<Date, Date, Date>;
    portal: ColumnType<string | null, string | null | undefined, string | null>;
    place: ColumnType<string | null, string | null | undefined, string | null>;
    client: ColumnType<string | null, string | null | undefined, string | null>;
    confirmation: ColumnType<Json | null, string | null | undefined, string | null>;
  };
  customers: {
    id: string;
    user_id: string;
    primary_subject: string;
    attributes: ColumnType<Json, string | undefined, string>;
    user_metadata: ColumnType<Json, string | undefined, string>;
    app_metadata: ColumnType<Json, string | undefined, string>;
    brand_values: ColumnType<Json, string | undefined, string>;
    email: ColumnType<string | null, string | null | undefined, string | null>;
    email_verified: ColumnType<boolean, boolean | undefined, boolean>;
    phone_number: ColumnType<string | null, string | null | undefined, string | null>;
    phone_verified: ColumnType<boolean, boolean | undefined, boolean>;
    username: ColumnType<string | null, string | null | undefined, string | null>;
    name: ColumnType<string | null, string | null | undefined, string | null>;
    given_name: ColumnType<string | null, string | null | undefined, string | null>;
    family_name: ColumnType<string | null, string | null | undefined, string | null>;
    birth_month: ColumnType<number | null, number | null | undefined, number | null>;
    birth_day: ColumnType<number | null, number | null | undefined, number | null>;
    logins_count: ColumnType<number, number | undefined, number>;
    last_login: ColumnType<Date | null, Date | null | undefined, Date | null>;
    last_ip: ColumnType<string | null, string | null | undefined, string | null>;
    last_password_reset: ColumnType<Date | null, Date | null | undefined, Date | null>;
    blocked: ColumnType<boolean, boolean | undefined, boolean>;
    merged_into: ColumnType<string | null, string | null | undefined, string | null>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    erase_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    era: ColumnType<number, number | undefined, number>;
    last_sign_in: ColumnType<Json | null, string | null | undefined, string | null>;
    last_asked_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    visited: ColumnType<string[], string[] | undefined, string[]>;
  };
  device_subjects: {
    subject: string;
    device: string;
    connection: string;
    first_seen: ColumnType<Date, Date, Date>;
    last_seen: ColumnType<Date, Date, Date>;
  };
  devices: {
    id: string;
    cookie_hash: Buffer;
    user_agent: string;
    first_seen: ColumnType<Date, Date, Date>;
    last_seen: ColumnType<Date, Date, Date>;
  };
  enrichment_answers: {
    subject: string;
    source: string;
    question: ColumnType<Json | null, string | null | undefined, string | null>;
    asked_for: Buffer;
    status: string;
    attempts: ColumnType<number, number | undefined, number>;
    asked_at: ColumnType<Date, Date, Date>;
    ask_again_at: ColumnType<Date, Date, Date>;
  };
  enrichment_days: {
    source: string;
    day: ColumnType<Date, Date | string, Date | string>;
    currency: string;
    hits: ColumnType<number, number | undefined, number>;
    misses: ColumnType<number, number | undefined, number>;
    failures: ColumnType<number, number | undefined, number>;
    cost_micros: ColumnType<string, string | number | bigint | undefined, string | number | bigint>;
  };
  enrichment_sources: {
    id: string;
    failures_in_row: ColumnType<number, number | undefined, number>;
    paused_until: ColumnType<Date | null, Date | null | undefined, Date | null>;
    paused_for: ColumnType<string | null, string | null | undefined, string | null>;
    cost_micros: ColumnType<string, string | number | bigint | undefined, string | number | bigint>;
    cost_for: ColumnType<string, string | undefined, string>;
    currency: ColumnType<string, string | undefined, string>;
    version: ColumnType<number, number | undefined, number>;
    updated_at: ColumnType<Date, Date, Date>;
    failed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    failed_for: ColumnType<string | null, string | null | undefined, string | null>;
  };
  erased_addresses: {
    hash: Buffer;
    erased_at: ColumnType<Date, Date, Date>;
  };
  erasure_keys: {
    id: string;
    sealed: string;
  };
  erasures: {
    customer: string;
    brand: string;
    language: string;
    asked_at: ColumnType<Date, Date, Date>;
  };
  facts: {
    id: string;
    subject: string;
    path: string;
    kind: string;
    value: ColumnType<Json | null, string | null | undefined, string | null>;
    source: string;
    origin: string;
    confidence: ColumnType<number, number | undefined, number>;
    at: ColumnType<Date, Date, Date>;
    until: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  flows: {
    id: string;
    engine: ColumnType<Json, string, string>;
    state: ColumnType<Json, string | undefined, string>;
    secret_hash: Buffer;
    customer: ColumnType<string | null, string | null | undefined, string | null>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  follow_ups: {
    subject: string;
    id: string;
    text: string;
    due: ColumnType<Date, Date | string, Date | string>;
    done_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    author_kind: string;
    author: string;
    version: ColumnType<number, number | undefined, number>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    author_name: ColumnType<string | null, string | null | undefined, string | null>;
  };
  grants: {
    id: string;
    customer: string;
    portal: string;
    sign_in: string;
    session_uid: ColumnType<string | null, string | null | undefined, string | null>;
    payload: ColumnType<Json, string, string>;
    created_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
    own_claims: ColumnType<Json | null, string | null | undefined, string | null>;
  };
  identities: {
    subject: string;
    provider: string;
    connection: string;
    user_id: string;
    is_social: boolean;
    profile_data: ColumnType<Json, string | undefined, string>;
    tokens: ColumnType<string | null, string | null | undefined, string | null>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  income_areas: {
    code: string;
    median_income: number;
    bound: ColumnType<string | null, string | null | undefined, string | null>;
    latitude: ColumnType<number | null, number | null | undefined, number | null>;
    longitude: ColumnType<number | null, number | null | undefined, number | null>;
  };
  login_identifiers: {
    connection: string;
    kind: string;
    value: string;
    subject: string;
  };
  made_for: {
    subject: string;
    brand: string;
  };
  mail_templates: {
    id: string;
    brand: string;
    kind: string;
    language: string;
    subject_line: string;
    html: string;
    text: string;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  members: {
    subject: string;
    customer: string;
    number: number;
    since: ColumnType<Date, Date, Date>;
    until: ColumnType<Date | null, Date | null | undefined, Date | null>;
    reason: string;
    act: string;
  };
  merges: {
    id: string;
    winner: string;
    loser: string;
    winner_user_id: string;
    loser_user_id: string;
    user_ids: string[];
    by: string;
    origin: string;
    at: ColumnType<Date, Date, Date>;
    undone_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  mfa_tokens: {
    hash: Buffer;
    customer: string;
    portal: string;
    content: ColumnType<Json, string, string>;
    created_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
    consumed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  network_notes: {
    handle_hash: Buffer;
    content: string;
    expires_at: ColumnType<Date, Date, Date>;
  };
  notes: {
    subject: string;
    id: string;
    text: string;
    author_kind: string;
    author: string;
    version: ColumnType<number, number | undefined, number>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    author_name: ColumnType<string | null, string | null | undefined, string | null>;
  };
  one_time_codes: {
    id: string;
    purpose: string;
    flow: ColumnType<string | null, string | null | undefined, string | null>;
    customer: ColumnType<string | null, string | null | undefined, string | null>;
    subject: ColumnType<string | null, string | null | undefined, string | null>;
    address: ColumnType<string | null, string | null | undefined, string | null>;
    data: ColumnType<Json, string | undefined, string>;
    secret_hash: Buffer;
    tries_left: ColumnType<number, number | undefined, number>;
    created_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
    consumed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  outbox: {
    id: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    kind: string;
    recipient: string;
    sender: string;
    subject: string;
    body_text: string;
    body_html: string;
    language: string;
    subject_id: ColumnType<string | null, string | null | undefined, string | null>;
    status: string;
    error: ColumnType<string | null, string | null | undefined, string | null>;
    created_at: ColumnType<Date, Date, Date>;
    sent_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    forget: ColumnType<boolean, boolean | undefined, boolean>;
    secrets: ColumnType<string[], string[] | undefined, string[]>;
    held_secrets: ColumnType<boolean, boolean | undefined, boolean>;
    template_error: ColumnType<string | null, string | null | undefined, string | null>;
  };
  passkey_challenges: {
    challenge_hash: Buffer;
    user_handle: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  password_history: {
    subject: string;
    id: string;
    hash: string;
    replaced_at: ColumnType<Date, Date, Date>;
  };
  portals: {
    client_id: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    name: string;
    app_type: string;
    settings: ColumnType<Json, string, string>;
    secret_hash: ColumnType<string | null, string | null | undefined, string | null>;
    is_machine: ColumnType<boolean, boolean | undefined, boolean>;
    enabled: ColumnType<boolean, boolean | undefined, boolean>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
    is_account: ColumnType<boolean, boolean | undefined, boolean>;
  };
  proofs: {
    subject: string;
    kind: string;
    address: string;
    how: string;
    origin: string;
    at: ColumnType<Date, Date, Date>;
  };
  question_asks: {
    subject: string;
    id: string;
    question: string;
    content_version: number;
    variant: string;
    arm: string;
    place: string;
    fields: string[];
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    portal: ColumnType<string | null, string | null | undefined, string | null>;
    sign_in: ColumnType<string | null, string | null | undefined, string | null>;
    sign_in_number: number;
    device: ColumnType<string | null, string | null | undefined, string | null>;
    country: ColumnType<string | null, string | null | undefined, string | null>;
    language: ColumnType<string | null, string | null | undefined, string | null>;
    hour: number;
    shown_at: ColumnType<Date, Date, Date>;
    outcome: ColumnType<string | null, string | null | undefined, string | null>;
    answered: ColumnType<string[], string[] | undefined, string[]>;
    ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    finished_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    demanded: ColumnType<boolean, boolean | undefined, boolean>;
  };
  question_versions: {
    question: string;
    number: number;
    content: ColumnType<Json, string, string>;
    created_at: ColumnType<Date, Date, Date>;
  };
  questions: {
    id: string;
    name: string;
    state: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    starts_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    ends_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    position: number;
    content_version: number;
    version: number;
    fault_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    fault: ColumnType<string | null, string | null | undefined, string | null>;
    removed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  remembered_devices: {
    customer: string;
    cookie_hash: Buffer;
    created_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  resource_servers: {
    id: string;
    identifier: string;
    name: ColumnType<string | null, string | null | undefined, string | null>;
    scopes: ColumnType<Json, string | undefined, string>;
    settings: ColumnType<Json, string, string>;
    is_system: ColumnType<boolean, boolean | undefined, boolean>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  rule_lines: {
    customer: ColumnType<string | null, string | null | undefined, string | null>;
    number: ColumnType<string, string | number | bigint | undefined, string | number | bigint>;
    rule: string;
    at: ColumnType<Date, Date, Date>;
    level: string;
    line: string;
    expires_at: ColumnType<Date, Date, Date>;
    kind: ColumnType<string, string | undefined, string>;
  };
  rule_minutes: {
    rule: string;
    minute: ColumnType<Date, Date, Date>;
    runs: number;
    errors: number;
    times: number[];
    expires_at: ColumnType<Date, Date, Date>;
    refusals: ColumnType<number, number | undefined, number>;
  };
  rule_versions: {
    rule: string;
    version: number;
    name: string;
    script: ColumnType<string | null, string | null | undefined, string | null>;
    settings: ColumnType<Json | null, string | null | undefined, string | null>;
    on_failure: string;
    deadline_ms: ColumnType<number | null, number | null | undefined, number | null>;
    saved_by: string;
    saved_by_name: string;
    restored: ColumnType<number | null, number | null | undefined, number | null>;
    saved_at: ColumnType<Date, Date, Date>;
  };
  rules: {
    id: string;
    name: string;
    place: number;
    enabled: boolean;
    script: ColumnType<string | null, string | null | undefined, string | null>;
    library: ColumnType<string | null, string | null | undefined, string | null>;
    settings: ColumnType<Json | null, string | null | undefined, string | null>;
    secrets: ColumnType<string | null, string | null | undefined, string | null>;
    on_failure: string;
    deadline_ms: ColumnType<number | null, number | null | undefined, number | null>;
    version: number;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  rules_configs: {
    key: string;
    value: string;
    updated_at: ColumnType<Date, Date, Date>;
  };
  search_filling: {
    version: number;
    after: ColumnType<string | null, string | null | undefined, string | null>;
    done: ColumnType<boolean, boolean | undefined, boolean>;
  };
  search_words: {
    kind: string;
    word: string;
    customer: string;
  };
  seen_proofs: {
    hash: Buffer;
    expires_at: ColumnType<Date, Date, Date>;
  };
  sessions: {
    id_hash: Buffer;
    uid: string;
    customer: ColumnType<string | null, string | null | undefined, string | null>;
    payload: ColumnType<Json, string, string>;
    ip: ColumnType<string | null, string | null | undefined, string | null>;
    user_agent: ColumnType<string, string | undefined, string>;
    created_at: ColumnType<Date, Date, Date>;
    seen_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  settings: {
    name: string;
    value: ColumnType<Json, string, string>;
  };
  settings_version: {
    only_row: ColumnType<boolean, boolean | undefined, boolean>;
    version: ColumnType<string, string | number | bigint | undefined, string | number | bigint>;
  };
  sign_in_places: {
    subject: string;
    country: string;
    city: ColumnType<string, string | undefined, string>;
    latitude: ColumnType<number | null, number | null | undefined, number | null>;
    longitude: ColumnType<number | null, number | null | undefined, number | null>;
    first_seen: ColumnType<Date, Date, Date>;
    last_seen: ColumnType<Date, Date, Date>;
  };
  sign_ins: {
    id: string;
    customer: string;
    subject: string;
    portal: string;
    brand: string;
    connection: string;
    amr: string[];
    acr: ColumnType<string | null, string | null | undefined, string | null>;
    decided: ColumnType<Json, string | undefined, string>;
    at: ColumnType<Date, Date, Date>;
    remembered: ColumnType<boolean, boolean | undefined, boolean>;
    factor: ColumnType<string | null, string | null | undefined, string | null>;
  };
  signing_keys: {
    kid: string;
    status: string;
    public_jwk: ColumnType<Json, string, string>;
    private_jwk: string;
    certificate: string;
    created_at: ColumnType<Date, Date, Date>;
    changed_at: ColumnType<Date, Date, Date>;
  };
  staff: {
    id: string;
    email: string;
    name: string;
    blocked: ColumnType<boolean, boolean | undefined, boolean>;
    brands: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
    version: ColumnType<number, number | undefined, number>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  staff_role_holders: {
    staff: string;
    role: string;
  };
  staff_roles: {
    id: string;
    ready: ColumnType<string | null, string | null | undefined, string | null>;
    name: string;
    description: ColumnType<string, string | undefined, string>;
    scopes: string[];
    reads: string[];
    writes: string[];
    brands: ColumnType<string[] | null, string[] | null | undefined, string[] | null>;
    version: ColumnType<number, number | undefined, number>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  staff_sessions: {
    token_hash: Buffer;
    id: string;
    staff: string;
    amr: string[];
    ip: ColumnType<string | null, string | null | undefined, string | null>;
    user_agent: string;
    proved_at: ColumnType<Date, Date, Date>;
    created_at: ColumnType<Date, Date, Date>;
    seen_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  staff_steps: {
    token_hash: Buffer;
    staff: string;
    due: string;
    amr: string[];
    return_to: string;
    created_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  staff_tickets: {
    id: string;
    purpose: string;
    secret_hash: Buffer;
    staff: ColumnType<string | null, string | null | undefined, string | null>;
    email: ColumnType<string | null, string | null | undefined, string | null>;
    invited_by: ColumnType<string | null, string | null | undefined, string | null>;
    data: ColumnType<Json, string | undefined, string>;
    created_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
    consumed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  staff_ways: {
    id: string;
    staff: string;
    kind: string;
    data: ColumnType<Json, string | undefined, string>;
    sealed: ColumnType<string | null, string | null | undefined, string | null>;
    last_step: ColumnType<string | null, string | number | bigint | null | undefined, string | number | bigint | null>;
    credential_id: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
    created_at: ColumnType<Date, Date, Date>;
    last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  store_staff: {
    store: string;
    staff: string;
  };
  stores: {
    id: string;
    brand: string;
    name: string;
    time_zone: string;
    currency: string;
    latitude: ColumnType<number | null, number | null | undefined, number | null>;
    longitude: ColumnType<number | null, number | null | undefined, number | null>;
    version: ColumnType<number, number | undefined, number>;
    created_at: ColumnType<Date, Date, Date>;
    updated_at: ColumnType<Date, Date, Date>;
  };
  subjects: {
    id: string;
    kind: string;
    sign_ins: ColumnType<number, number | undefined, number>;
    last_sign_in: ColumnType<Date | null, Date | null | undefined, Date | null>;
    last_ip: ColumnType<string | null, string | null | undefined, string | null>;
    last_password_reset: ColumnType<Date | null, Date | null | undefined, Date | null>;
    blocked: ColumnType<boolean, boolean | undefined, boolean>;
    created_at: ColumnType<Date, Date, Date>;
    last_asked_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  tags: {
    subject: string;
    tag: string;
    author_kind: string;
    author: string;
    created_at: ColumnType<Date, Date, Date>;
    author_name: ColumnType<string | null, string | null | undefined, string | null>;
  };
  text_messages: {
    id: string;
    subject_id: ColumnType<string | null, string | null | undefined, string | null>;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    channel: string;
    recipient: string;
    body: string;
    language: string;
    status: string;
    error: ColumnType<string | null, string | null | undefined, string | null>;
    created_at: ColumnType<Date, Date, Date>;
    sent_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  timeline: {
    id: string;
    class: string;
    subject: string;
    brand: ColumnType<string | null, string | null | undefined, string | null>;
    portal: ColumnType<string | null, string | null | undefined, string | null>;
    source: string;
    name: string;
    occurred_at: ColumnType<Date, Date, Date>;
    received_at: ColumnType<Date, Date, Date>;
    session: ColumnType<string | null, string | null | undefined, string | null>;
    device: ColumnType<string | null, string | null | undefined, string | null>;
    ip: ColumnType<string | null, string | null | undefined, string | null>;
    user_agent: ColumnType<string | null, string | null | undefined, string | null>;
    version: ColumnType<number, number | undefined, number>;
    data: ColumnType<Json, string | undefined, string>;
    written_by: ColumnType<string, string | undefined, string>;
  };
  tokens: {
    hash: Buffer;
    kind: string;
    grant_id: ColumnType<string | null, string | null | undefined, string | null>;
    portal: ColumnType<string | null, string | null | undefined, string | null>;
    payload: ColumnType<Json, string, string>;
    user_code_hash: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>;
    polled_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    consumed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    issued_at: ColumnType<Date, Date, Date>;
    expires_at: ColumnType<Date, Date, Date>;
  };
  user_ids: {
    user_id: string;
    customer: string;
    subject: ColumnType<string | null, string | null | undefined, string | null>;
    issued_at: ColumnType<Date, Date, Date>;
    retired_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  visits: {
    subject: string;
    brand: string;
    first_at: ColumnType<Date, Date, Date>;
    last_at: ColumnType<Date, Date, Date>;
    count: ColumnType<number, number | undefined, number>;
    last_sign_in: ColumnType<Json | null, string | null | undefined, string | null>;
  };
  watched_customers: {
    customer: string;
    server: string;
    until: ColumnType<Date, Date, Date>;
  };
}
