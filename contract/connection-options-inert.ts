/** Names of options to the values under which they change nothing. */
export type InertOptions = Readonly<Record<string, readonly unknown[]>>;

/**
 * Auth0's connection options that do nothing here, per strategy, with the values under which they do nothing at
 * Auth0 either: these are accepted and not kept, any other value is refused by name.
 */
export const inertOptions = {
  auth0: {
    api_enable_users: [false],
    configuration: [{}, null],
    customScripts: [{}],
    disable_self_service_change_password: [false],
    enable_script_context: [false],
    enabledDatabaseCustomization: [false],
    import_mode: [false],
    mfa: [{ active: true, return_enroll_settings: true }, { return_enroll_settings: true, active: true }, {}],
    non_persistent_attrs: [[], null],
    password_options: [{}],
    precedence: [['email', 'phone_number', 'username']],
    realm_fallback: [false],
    set_user_root_attributes: ['on_each_login'],
    strategy_version: [2],
    upstream_params: [null, {}],
    validation: [null, {}],
  },
  // Messages go by the umbrella's own provider, in the words and the language of the brand.
  sms: {
    authParams: [{}, null],
    forward_req_info: [false],
    name: ['sms'],
    syntax: ['liquid'],
    totp: [
      { time_step: 600, length: 6 },
      { length: 6, time_step: 600 },
    ],
    upstream_params: [null, {}],
  },
  'google-oauth2': {
    ...flags(
      'adsense_management analytics blogger calendar calendar_addons_execute calendar_events',
      'calendar_events_readonly calendar_settings_readonly chrome_web_store contacts contacts_new',
      'contacts_other_readonly contacts_readonly content_api_for_shopping coordinate coordinate_readonly',
      'directory_readonly document_list drive drive_activity drive_activity_readonly drive_appdata',
      'drive_apps_readonly drive_file drive_metadata drive_metadata_readonly drive_photos_readonly drive_readonly',
      'drive_scripts gmail gmail_compose gmail_insert gmail_labels gmail_metadata gmail_modify gmail_new',
      'gmail_readonly gmail_send gmail_settings_basic gmail_settings_sharing google_affiliate_network google_books',
      'google_cloud_storage google_drive google_drive_files google_plus latitude_best latitude_city moderator orkut',
      'picasa_web sites tasks tasks_readonly url_shortener webmaster_tools youtube',
      'youtube_channelmemberships_creator youtube_new youtube_readonly youtube_upload youtubepartner',
    ),
    allowed_audiences: [[], null],
    ...shared(),
  },
  facebook: {
    ...flags(
      'ads_management ads_read allow_context_profile_field business_management groups_access_member_info',
      'leads_retrieval manage_notifications manage_pages pages_manage_cta pages_manage_instant_articles',
      'pages_messaging pages_messaging_phone_number pages_messaging_subscriptions pages_show_list publish_actions',
      'publish_pages publish_to_groups publish_video read_audience_network_insights read_insights read_mailbox',
      'read_page_mailboxes read_stream user_events user_friends user_groups user_managed_groups user_photos',
      'user_posts user_status user_tagged_places user_videos',
    ),
    ...shared(),
  },
  apple: shared(),
  twitter: { protocol: ['oauth2'], ...shared() },
  github: {
    ...flags(
      'admin_org admin_public_key admin_repo_hook delete_repo follow gist notifications public_repo read_org',
      'read_public_key read_repo_hook repo repo_deployment repo_status write_org write_public_key write_repo_hook',
    ),
    ...shared(),
  },
  linkedin: { ...flags('basic_profile full_profile network'), strategy_version: [3], ...shared() },
  windowslive: {
    ...flags(
      'applications applications_create basic birthday calendars calendars_update contacts_birthday',
      'contacts_calendars contacts_create contacts_photos contacts_skydrive directory_accessasuser_all',
      'directory_read_all directory_readwrite_all events_create graph_calendars graph_calendars_update graph_contacts',
      'graph_contacts_update graph_device graph_device_command graph_emails graph_emails_update graph_files',
      'graph_files_all graph_files_all_update graph_files_update graph_notes graph_notes_create graph_notes_update',
      'graph_tasks graph_tasks_update graph_user_activity graph_user_update group_read_all group_readwrite_all',
      'mail_readwrite_all mail_send messenger phone_numbers photos postal_addresses rolemanagement_read_all',
      'rolemanagement_readwrite_directory share sites_read_all sites_readwrite_all skydrive skydrive_update',
      'team_readbasic_all team_readwrite_all user_read_all user_readbasic_all work_profile',
    ),
    strategy_version: [2],
    ...shared(),
  },
  amazon: shared(),
  oidc: {
    attribute_map: [{ mapping_mode: 'bind_all' }, {}, null],
    federated_connections_access_tokens: [{ active: false }, null],
    id_token_session_expiry_supported: [false],
    id_token_signed_response_algs: [null, []],
    oidc_metadata: [{}, null],
    send_back_channel_nonce: [true],
    tenant_domain: [''],
    token_endpoint_auth_signing_alg: [null],
    ...shared(),
  },
  oauth2: { authParamsMap: [{}], customHeaders: [{}], logoutUrl: [''], scripts: [{}], ...shared() },
} satisfies Record<string, InertOptions>;

/** Flags that ask for a scope; off is Auth0's default, and `freeform_scopes` asks for the same. */
function flags(...lines: string[]): InertOptions {
  return Object.fromEntries(lines.flatMap((line) => line.split(' ')).map((name) => [name, [false]]));
}

function shared(): InertOptions {
  return { icon_url: ['', null] };
}
