/** A line of the menu: where it leads, and the scope without which it is not shown. */
export type MenuLine = { readonly label: string; readonly to: string; readonly may: string; readonly keys?: string };
export type MenuPart = { readonly label: string; readonly lines: readonly MenuLine[] };

/** The menu, in order. A new page adds its line here. `keys`: pressed one after the other, they lead there. */
export const menu: readonly MenuPart[] = [
  {
    label: 'People',
    lines: [
      { label: 'Customers', to: '/customers', may: 'read:users', keys: 'g c' },
      { label: 'Follow-ups', to: '/follow-ups', may: 'read:user_follow_ups', keys: 'g d' },
      { label: 'Questions', to: '/questions', may: 'read:questions', keys: 'g q' },
      { label: 'Consents', to: '/consents', may: 'read:consents', keys: 'g y' },
    ],
  },
  {
    label: 'Code',
    lines: [
      { label: 'Rules', to: '/rules', may: 'read:rules', keys: 'g e' },
      { label: 'Actions', to: '/actions', may: 'read:actions', keys: 'g t' },
      { label: 'Enrichment', to: '/enrichment', may: 'read:enrichment', keys: 'g i' },
    ],
  },
  {
    label: 'Set-up',
    lines: [
      { label: 'First steps', to: '/start', may: 'create:connections', keys: 'g f' },
      { label: 'Brands', to: '/brands', may: 'read:brands', keys: 'g b' },
      { label: 'Portals', to: '/portals', may: 'read:clients', keys: 'g p' },
      { label: 'Connections', to: '/connections', may: 'read:connections', keys: 'g n' },
      { label: 'Attributes', to: '/attributes', may: 'read:attributes', keys: 'g a' },
      { label: 'Mails', to: '/mails', may: 'read:mail_templates', keys: 'g m' },
      { label: 'Outbox', to: '/outbox', may: 'read:outbox', keys: 'g o' },
      { label: 'Signing keys', to: '/signing-keys', may: 'read:signing_keys', keys: 'g k' },
      { label: 'Attack protection', to: '/attack-protection', may: 'read:attack_protection', keys: 'g x' },
      { label: 'Umbrella', to: '/umbrella', may: 'read:umbrella', keys: 'g u' },
    ],
  },
  {
    label: 'Staff',
    lines: [
      { label: 'Staff', to: '/staff', may: 'read:staff', keys: 'g s' },
      { label: 'Roles', to: '/staff-roles', may: 'read:staff_roles', keys: 'g r' },
      { label: 'Stores', to: '/stores', may: 'read:stores' },
      { label: 'Audit log', to: '/audit', may: 'read:audit', keys: 'g l' },
    ],
  },
];
