package furniture

import "regexp"

// IsOffer reports whether a line offers a subscription in exchange for the rest of a text.
func IsOffer(line string) bool { return len(line) <= maxOffer && offer.MatchString(line) }

// maxOffer is how long such a line is at most, in bytes.
const maxOffer = 600

var offer = regexp.MustCompile(`(?i)` +
	`\b(?:subscribe|log ?in|sign in|register|create (?:a free|an) account)\b.{0,60}\bto (?:(?:continue|keep|finish) ` +
	`reading|read (?:the (?:full|rest|entire|whole)|this)|unlock|access (?:this|the (?:full|rest))` +
	` (?:of )?(?:the |this )?(?:article|story|content|text))\b|` +
	`\b(?:sign up|join|become a member)\b.{0,60}\bto (?:(?:continue|keep|finish) reading ` +
	`th(?:is|e) (?:article|story)|` +
	`read the (?:full|rest|entire|whole))\b|` +
	`\bto (?:continue|keep) reading\b.{0,80}\b(?:subscribe|log ?in|sign (?:in|up)|register|account|subscription)\b|` +
	`\bto (?:read|access) (?:the (?:full|rest of (?:the|this)|entire|whole)|this) (?:article|story|content|` +
	`text)\b.{0,60}` +
	`\b(?:subscribe|log ?in|sign (?:in|up)|register|subscription)\b|` +
	`\b(?:article|story|content|post) is (?:only |exclusively |just )?(?:available |reserved |exclusive |` +
	`meant )?(?:only )?(?:to|for) ` +
	`(?:our |paid |paying |digital |registered )?(?:subscribers|members)\b|` +
	`^(?:for )?subscribers? only\b|\bsubscriber[- ](?:only|exclusive)s?\b.{0,10}$|` +
	`\byou(?:['’]ve| have) (?:reached|used|read) (?:your|all|the) .{0,40}\b(?:free|complimentary|` +
	`limit)\b.{0,40}\b(?:articles|stories|limit|month)\b|` +
	`\balready (?:a (?:paid )?(?:subscriber|member)|subscribed|have (?:an account|a subscription))\?|` +
	`\bsuscr[ií]b(?:ete|ase|e|irse)\b.{0,60}\bpara (?:seguir|continuar|leer|acceder)\b|` +
	`\bpara (?:seguir|continuar) leyendo\b.{0,80}\b(?:suscr|reg[ií]str|inici)|` +
	`\b(?:artículo|contenido|nota|noticia|texto) (?:es |está )?(?:exclusiv[oa] |sólo |solo |reservad[oa] |` +
	`disponible )*(?:sólo |solo )?para ` +
	`(?:nuestros )?(?:suscriptores|socios|abonados)\b|¿ya (?:eres|es|estás|está) (?:suscriptor|suscrito|socio)`)
