type WordPage = { title: string; lines: readonly string[] };

/** The pages behind the links under each sign-in page. */
export function wordPages(name: string): Readonly<Record<'/privacy' | '/terms' | '/help', WordPage>> {
  return {
    '/privacy': {
      title: 'Privacy',
      lines: [
        `${name} and its sister brand belong to Meridian. You have one profile with us, and it is yours: once you are signed in, this shop shows every value in it and who told us.`,
        'What you like at a network is read only if you said yes, and only to show you what may suit you. You can take that back at any time.',
        'This is a demonstration: nothing you type here leaves your computer.',
      ],
    },
    '/terms': {
      title: 'Terms',
      lines: [
        'Nothing is sold here, so nothing is owed. Use the shop as you like.',
        'An account is free and good at all brands of Meridian.',
      ],
    },
    '/help': {
      title: 'Help',
      lines: [
        'Did a mail not arrive? In this demonstration all mails go to the outbox page, which is linked at the end of this page.',
        'Forgot your password? Ask for a code by mail on the sign-in page: you need no password then.',
      ],
    },
  };
}
