const blot = '••••••';

/** The text without these codes and links. */
export function blotOut(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret ? rest.replaceAll(secret, blot) : rest), text);
}

/** The text without these, and without the ticket of any link, whoever wrote it and forgot to say that it is secret. */
export function blotOutAll(text: string, secrets: readonly string[]): string {
  return blotOut(text, secrets).replace(/([?&;]ticket=)[^\s"'<>&]+/g, `$1${blot}`);
}
