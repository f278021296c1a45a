import { type AccountPage, showAccount } from './account-page.ts';

/** Who one is here, and what the pages of the account are for. */
export const overviewPage: AccountPage = {
  path: '',
  entry: { name: 'overview.title', hint: 'overview.hint' },
  fresh: false,
  async show(at, again) {
    const { customer } = at.owner;
    // Who gave no name is called by the address, which says nothing.
    const isNamed = customer.name !== null && customer.name !== customer.email;
    const model = {
      name: isNamed ? customer.name : undefined,
      email: customer.email,
      email_verified: customer.email_verified,
    };
    return showAccount(at, 'overview', model, again);
  },
  acts: {},
};
