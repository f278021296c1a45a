import pg from 'pg';

/** What the database tells this process: one connection of its own for all channels. */
export type Notifications = {
  /** Calls `heard` at every notification, and when the connection was lost and is there again: some may be missed. */
  listen(channel: string, heard: () => void): Promise<void>;
  /** Connects again if the connection was lost; whoever relies on it asks now and then. */
  ensure(): Promise<void>;
  close(): Promise<void>;
};

/** Connects to `directUrl`, for a pooler would take the connection away. */
export async function openNotifications(directUrl: string): Promise<Notifications> {
  const channels = new Map<string, () => void>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let closed = false;

  async function connect(): Promise<void> {
    const made = new pg.Client({ connectionString: directUrl });
    const lost = () => {
      if (client === made) client = undefined;
    };
    made.on('error', lost);
    made.on('end', lost);
    made.on('notification', ({ channel }) => channels.get(channel)?.());
    await made.connect();
    try {
      for (const channel of channels.keys()) await made.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await made.end().catch(() => undefined);
      throw error;
    }
    client = made;
    if (closed) await made.end();
  }

  async function ensure(): Promise<void> {
    if (client || closed) return;
    connecting ??= connect().finally(() => {
      connecting = undefined;
    });
    await connecting;
    for (const heard of channels.values()) heard();
  }

  await connect();
  return {
    async listen(channel, heard) {
      channels.set(channel, heard);
      if (client) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      else await ensure();
    },
    ensure,
    async close() {
      closed = true;
      await client?.end();
    },
  };
}
