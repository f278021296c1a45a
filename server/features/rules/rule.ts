/** What happens to a sign-in when a rule fails or is late. */
export type OnFailure = 'refuse' | 'go_on';

/** How long a rule without a deadline of its own may take, in ms: where its failure does not matter nobody waits long. */
export const goOnDeadlineMs = 2000;
