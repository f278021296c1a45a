// Pictures of the products, as insides of an <svg viewBox="0 0 120 100">: shades of the ground they stand on.
const shade = 'fill="#000" fill-opacity=".16"';
const deep = 'fill="#000" fill-opacity=".34"';
const light = 'fill="#fff" fill-opacity=".62"';

export const drawings = {
  serum: `<rect x="42" y="42" width="36" height="48" rx="7" ${light}/><rect x="50" y="30" width="20" height="12" rx="2" ${deep}/>
<path d="M53 30V20a7 7 0 0 1 14 0v10z" ${shade}/><rect x="48" y="58" width="24" height="18" rx="2" ${shade}/>`,
  jar: `<rect x="32" y="50" width="56" height="38" rx="8" ${light}/><rect x="29" y="34" width="62" height="17" rx="4" ${deep}/>
<rect x="42" y="60" width="36" height="16" rx="2" ${shade}/>`,
  spray: `<rect x="44" y="38" width="32" height="52" rx="6" ${light}/><rect x="52" y="27" width="16" height="11" ${shade}/>
<path d="M50 16h18a4 4 0 0 1 4 4v7H50z" ${deep}/><circle cx="42" cy="20" r="2" ${shade}/><circle cx="36" cy="16" r="1.6" ${shade}/>
<circle cx="36" cy="24" r="1.6" ${shade}/><rect x="49" y="56" width="22" height="20" rx="2" ${shade}/>`,
  jacket: `<path d="M46 20 30 27 20 66l11 4 6-20v40h46V50l6 20 11-4-10-39-16-7-7 8H53z" ${light}/>
<path d="M46 20 53 28 60 34 67 28 74 20 68 14H52z" ${deep}/><path d="M59 34h2v56h-2z" ${deep}/><path d="M43 66h11v2H43zM66 66h11v2H66z" ${shade}/>`,
  pack: `<path d="M50 20a10 10 0 0 1 20 0v4h-4v-4a6 6 0 0 0-12 0v4h-4z" ${deep}/><rect x="38" y="22" width="44" height="68" rx="14" ${light}/>
<path d="M38 42h44v5H38z" ${shade}/><rect x="46" y="58" width="28" height="24" rx="5" ${shade}/><path d="M46 64h28v2H46z" ${deep}/>
<rect x="29" y="48" width="8" height="30" rx="4" ${shade}/><rect x="83" y="48" width="8" height="30" rx="4" ${shade}/>`,
  bottle: `<path d="M48 34h24v8l4 8v34a6 6 0 0 1-6 6H50a6 6 0 0 1-6-6V50l4-8z" ${light}/><rect x="49" y="18" width="22" height="14" rx="3" ${deep}/>
<path d="M44 58h32v14H44z" ${shade}/><path d="m52 70 5-8 4 5 2-3 5 6z" ${deep}/>`,
} as const;

export type Drawing = keyof typeof drawings;
