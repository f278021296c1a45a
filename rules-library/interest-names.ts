import type { ToldValue } from '../server/features/rules/rules.ts';

const names: Readonly<Record<string, { de: string; es: string; fr: string }>> = {
  skincare: { de: 'Hautpflege', es: 'cuidado de la piel', fr: 'soins de la peau' },
  'make-up': { de: 'Make-up', es: 'maquillaje', fr: 'maquillage' },
  fragrance: { de: 'Düfte', es: 'perfumes', fr: 'parfums' },
  hair: { de: 'Haare', es: 'cabello', fr: 'cheveux' },
  nails: { de: 'Nägel', es: 'uñas', fr: 'ongles' },
  fashion: { de: 'Mode', es: 'moda', fr: 'mode' },
  hiking: { de: 'Wandern', es: 'senderismo', fr: 'randonnée' },
  camping: { de: 'Camping', es: 'acampada', fr: 'camping' },
  climbing: { de: 'Klettern', es: 'escalada', fr: 'escalade' },
  'winter sports': { de: 'Wintersport', es: 'deportes de invierno', fr: 'sports d’hiver' },
  'water sports': { de: 'Wassersport', es: 'deportes acuáticos', fr: 'sports nautiques' },
  cycling: { de: 'Radfahren', es: 'ciclismo', fr: 'cyclisme' },
  running: { de: 'Laufen', es: 'correr', fr: 'course à pied' },
  fitness: { de: 'Fitness', es: 'fitness', fr: 'fitness' },
  'ball sports': { de: 'Ballsport', es: 'deportes de pelota', fr: 'sports de ballon' },
  music: { de: 'Musik', es: 'música', fr: 'musique' },
  film: { de: 'Film', es: 'cine', fr: 'cinéma' },
  books: { de: 'Bücher', es: 'libros', fr: 'livres' },
  art: { de: 'Kunst', es: 'arte', fr: 'art' },
  photography: { de: 'Fotografie', es: 'fotografía', fr: 'photographie' },
  games: { de: 'Spiele', es: 'juegos', fr: 'jeux' },
  technology: { de: 'Technik', es: 'tecnología', fr: 'technologie' },
  'food and drink': { de: 'Essen und Trinken', es: 'comida y bebida', fr: 'gastronomie' },
  home: { de: 'Wohnen', es: 'hogar', fr: 'maison' },
  garden: { de: 'Garten', es: 'jardín', fr: 'jardin' },
  'arts and crafts': { de: 'Basteln und Handarbeit', es: 'manualidades', fr: 'loisirs créatifs' },
  travel: { de: 'Reisen', es: 'viajes', fr: 'voyages' },
  animals: { de: 'Tiere', es: 'animales', fr: 'animaux' },
  cars: { de: 'Autos', es: 'coches', fr: 'voitures' },
  toys: { de: 'Spielzeug', es: 'juguetes', fr: 'jouets' },
};

/** The interests of our list as customers read them; those that the umbrella adds stand for themselves. */
export const interestNames: NonNullable<ToldValue['choices']> = Object.entries(names).map(([value, others]) => {
  return { value, labels: { en: value, ...others } };
});
