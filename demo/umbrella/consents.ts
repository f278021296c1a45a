// What Meridian's customers are asked to allow: the terms of the house, once, and what each brand may write about.
import type { ConsentPatch, ConsentPurpose, WordingTexts } from '../../contract/consents.ts';
import type { Base } from '../../server/base/base.ts';
import { brandBySlug } from '../../server/features/brands/brands.ts';
import { createEntry, draftWording, listEntries, publishWording } from '../../server/features/consents/consents.ts';
import type { BrandSlug } from '../places.ts';

type Asked = ConsentPatch & { purpose: ConsentPurpose; topic?: string; texts: WordingTexts };

function terms(shop: string): Asked {
  const link = `${shop}/terms`;
  return {
    purpose: 'terms',
    required: true,
    position: 1,
    texts: {
      en: { label: 'I accept the terms of Meridian, the house of {brand}.', link },
      de: { label: 'Ich nehme die Bedingungen von Meridian an, dem Haus von {brand}.', link },
      es: { label: 'Acepto las condiciones de Meridian, la casa de {brand}.', link },
      fr: { label: 'J’accepte les conditions de Meridian, la maison de {brand}.', link },
    },
  };
}

// Without a yes to it the rules that get to know a customer leave them alone.
const profiling: Asked = {
  purpose: 'profiling',
  position: 4,
  texts: {
    en: {
      label: 'Get to know me, so that what you show me fits.',
      details:
        'From where I sign in, what I like, when my birthday is. All of it, and where it comes from, is there to see in my account.',
    },
    de: {
      label: 'Lernen Sie mich kennen, damit Sie mir zeigen, was zu mir passt.',
      details:
        'Von wo ich mich anmelde, was ich mag, wann ich Geburtstag habe. Alles davon steht, mit Herkunft, in meinem Konto.',
    },
    es: {
      label: 'Quiero que me conozcáis, para que me mostréis lo que encaja conmigo.',
      details:
        'Desde dónde inicio sesión, qué me gusta, cuándo es mi cumpleaños. Todo, con su origen, se ve en mi cuenta.',
    },
    fr: {
      label: 'Apprenez à me connaître, pour me montrer ce qui me va.',
      details:
        'D’où je me connecte, ce que j’aime, quand est mon anniversaire. Tout se voit, avec son origine, dans mon compte.',
    },
  },
};

/** Asked by a question later on, never at the sign-up. */
function deals(topic: string, position: number, labels: Readonly<Record<'en' | 'de' | 'es' | 'fr', string>>): Asked {
  const texts = {
    en: { label: labels.en },
    de: { label: labels.de },
    es: { label: labels.es },
    fr: { label: labels.fr },
  };
  return { purpose: 'email', topic, position, double_opt_in: true, at_sign_up: false, in_journey: false, texts };
}

const topics: Readonly<Record<BrandSlug, readonly Asked[]>> = {
  lumiere: [
    {
      purpose: 'email',
      topic: 'skincare news',
      position: 2,
      double_opt_in: true,
      texts: {
        en: { label: 'Mail me skincare news.', details: 'About once a month: what is new, and how it is used.' },
        de: {
          label: 'Schicken Sie mir Neues zur Hautpflege.',
          details: 'Etwa einmal im Monat: was neu ist und wie man es benutzt.',
        },
        es: {
          label: 'Enviadme novedades sobre el cuidado de la piel.',
          details: 'Más o menos una vez al mes: qué hay de nuevo y cómo se usa.',
        },
        fr: {
          label: 'Envoyez-moi les nouveautés soin de la peau.',
          details: 'Environ une fois par mois : ce qui est nouveau, et comment l’utiliser.',
        },
      },
    },
    {
      purpose: 'email',
      topic: 'offers',
      position: 3,
      double_opt_in: true,
      minimum_age: 16,
      texts: {
        en: { label: 'Mail me offers that suit me.' },
        de: { label: 'Schicken Sie mir Angebote, die zu mir passen.' },
        es: { label: 'Enviadme ofertas que encajen conmigo.' },
        fr: { label: 'Envoyez-moi les offres qui me vont.' },
      },
    },
    deals('fragrance deals', 5, {
      en: 'Mail me what is new and reduced in fragrance.',
      de: 'Schicken Sie mir Neues und Reduziertes bei Düften.',
      es: 'Enviadme novedades y rebajas de perfumes.',
      fr: 'Envoyez-moi les nouveautés et remises en parfums.',
    }),
    deals('hair care deals', 6, {
      en: 'Mail me what is new and reduced in hair care.',
      de: 'Schicken Sie mir Neues und Reduziertes bei Haarpflege.',
      es: 'Enviadme novedades y rebajas de cuidado del cabello.',
      fr: 'Envoyez-moi les nouveautés et remises en soins des cheveux.',
    }),
  ],
  northtrail: [
    {
      purpose: 'email',
      topic: 'trail news',
      position: 2,
      double_opt_in: true,
      texts: {
        en: { label: 'Mail me trail news.', details: 'New routes and new gear, four times a year.' },
        de: {
          label: 'Schicken Sie mir Neues von den Wegen.',
          details: 'Neue Routen und neue Ausrüstung, viermal im Jahr.',
        },
        es: { label: 'Enviadme noticias de senderos.', details: 'Rutas y equipo nuevos, cuatro veces al año.' },
        fr: {
          label: 'Envoyez-moi les nouvelles des sentiers.',
          details: 'Nouveaux itinéraires, nouveau matériel, quatre fois par an.',
        },
      },
    },
  ],
};

/** Puts into the catalogue what is not there yet: the umbrella's, and each brand's. */
export async function askConsents(base: Base, shops: Readonly<Record<BrandSlug, string>>): Promise<void> {
  await ask(base, null, [terms(shops.lumiere), profiling]);
  for (const slug of ['lumiere', 'northtrail'] as const) {
    const brand = await brandBySlug(base.db, slug);
    if (brand) await ask(base, brand.id, topics[slug]);
  }
  await base.settings.refresh();
}

async function ask(base: Base, brand: string | null, all: readonly Asked[]): Promise<void> {
  if ((await listEntries(base.db, { brand })).length > 0) return;
  for (const { texts, topic = null, ...asked } of all) {
    const { id } = await createEntry(base, { ...asked, brand, topic });
    const { version } = await draftWording(base, id, { texts });
    await publishWording(base, id, version);
  }
}
