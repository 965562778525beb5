package editors

// adviceLine is advice on a feed in the page's language, or in English where it has values of its own.
type adviceLine struct{ Language, Text string }

// adviceIn gives advice of the commands in a language.
func adviceIn(language, english string) adviceLine {
	if translated, ok := spanishAdvice[english]; ok && language == "es" {
		return adviceLine{"es", translated}
	}
	return adviceLine{"en", english}
}

// spanishAdvice is what the commands advise, by their words. A test finds what is missing.
var spanishAdvice = map[string]string{
	// On a feed that cannot be read.
	"check the spelling of the host, and ask the station for its feed's new address if it is right": "revise cómo está " +
		"escrito el servidor y, si está bien, pida a la emisora la dirección nueva de su canal",
	"check whether this machine can resolve names at all": "compruebe si esta máquina puede consultar nombres",
	"check whether this machine has a network":            "compruebe si esta máquina tiene red",
	"check whether the server runs, and whether the port is right": "compruebe si el servidor funciona y si el puerto " +
		"es el correcto",
	"tell the station's webmaster: visitors see a warning too": "avise a quien administra el sitio de la emisora: sus " +
		"visitantes también ven una advertencia",
	"ask the station's webmaster why its server answers so slowly, or raise poll.timeout": "pregunte a quien administra " +
		"el sitio de la emisora por qué su servidor tarda tanto, o aumente poll.timeout",
	"ask the station's webmaster why its server ends connections, or sends what is not HTTP": "pregunte a quien " +
		"administra el sitio de la emisora por qué su servidor corta las conexiones o envía algo que no es HTTP",
	"set poll.private_networks to true if the feed is meant to be there": "ponga poll.private_networks en true si el " +
		"canal tiene que estar ahí",
	"ask the station for the feed's own address, and its webmaster to end the redirects there": "pida a la emisora la " +
		"dirección propia del canal, y a quien administra su sitio que las redirecciones terminen ahí",
	"raise poll.max_size, or ask the station for a shorter feed": "aumente poll.max_size, o pida a la emisora un canal " +
		"más corto",
	"ask the station's webmaster to send a Content-Encoding that says how the document is compressed: gzip, br or zstd, " +
		"once, or none where it is not": "pida a quien administra el sitio de la emisora un Content-Encoding que diga cómo " +
		"está comprimido el documento: gzip, br o zstd, una vez, o ninguno si no lo está",
	"file: addresses are relative to the folder of the configuration": "las direcciones file: son relativas a la " +
		"carpeta de la configuración",
	"raise the number of files that may be open: ulimit -n, LimitNOFILE= of the unit": "aumente el número de archivos que " +
		"pueden estar abiertos: ulimit -n, LimitNOFILE= de la unidad",
	"ask the station for the address of its feed": "pida a la emisora la dirección de su canal",
	"ask the station's webmaster to let our User-Agent or this machine's address through the guard, for its feed at " +
		"least": "pida a quien administra el sitio de la emisora que el filtro deje pasar nuestro User-Agent o la dirección " +
		"de esta máquina, al menos para el canal",
	"ask the station why its feed is empty; what it had is kept": "pregunte a la emisora por qué su canal está vacío; lo " +
		"que tenía se conserva",
	"ask the station to have its feed checked: no parser reads it": "pida a la emisora que revise su canal: ningún " +
		"programa lo puede leer",
	"ask the station's webmaster to let our User-Agent and this machine's address in": "pida a quien administra el sitio " +
		"de la emisora que deje entrar nuestro User-Agent y la dirección de esta máquina",
	"ask the station for the feed's new address": "pida a la emisora la dirección nueva del canal",
	"the server asks for fewer visits: agree with the station on a longer every": "el servidor pide menos visitas: " +
		"acuerde con la emisora un every más largo",
	"ask the station whether its feed may be read from where this machine is": "pregunte a la emisora si su canal se puede " +
		"leer desde donde está esta máquina",
	"ask the station's webmaster why the server answers 304 to who has no document yet": "pregunte a quien administra el " +
		"sitio de la emisora por qué el servidor responde 304 a quien aún no tiene el documento",
	"the server has a fault of its own: tell the station's webmaster if it lasts": "el servidor tiene un fallo propio: si " +
		"dura, avise a quien administra el sitio de la emisora",
	"ask the station's webmaster why the server refuses the request": "pregunte a quien administra el sitio de la emisora " +
		"por qué el servidor rechaza la petición",
	"ask the station for the feed's own address: this one leads nowhere": "pida a la emisora la dirección propia del " +
		"canal: esta no lleva a ninguna parte",
	"ask the station's webmaster why the server answers without a document": "pregunte a quien administra el sitio de la " +
		"emisora por qué el servidor responde sin documento",

	// On a document that had to be repaired.
	"send UTF-8, and say so in the Content-Type and the XML declaration": "enviar UTF-8, y decirlo en el Content-Type y " +
		"en la declaración XML",
	"the text was encoded as UTF-8 twice: encode it once": "el texto se codificó dos veces en UTF-8: hay que codificarlo " +
		"una vez",
	"start the document with its XML declaration, and nothing before it": "empezar el documento con su declaración XML, " +
		"sin nada delante",
	"the document ends too early: see what cuts it off where it is made or sent": "el documento termina antes de tiempo: " +
		"hay que ver qué lo corta donde se hace o se envía",
	"close every element by its own end tag, and close nothing that is not open": "cerrar cada elemento con su propia " +
		"etiqueta, y no cerrar nada que no esté abierto",
	"close every item by its end tag": "cerrar cada item con su etiqueta",
	"escape markup inside titles and descriptions, or put it into CDATA": "escapar las etiquetas dentro de títulos y " +
		"descripciones, o ponerlas en CDATA",
	"give every attribute one quoted value, with < and & escaped": "dar a cada atributo un valor entre comillas, con < y & " +
		"escapados",
	"write & as &amp; and < as &lt;, and use no names that XML does not define": "escribir & como &amp; y < como &lt;, y no " +
		"usar nombres que XML no define",
	"leave out control characters, which XML forbids": "no usar caracteres de control, que XML prohíbe",
	"declare each prefix once, with the address that its specification gives": "declarar cada prefijo una vez, con la " +
		"dirección que da su especificación",
	"put items into the channel of one rss element (or entries into one feed)": "poner los item en el channel de un solo " +
		"elemento rss (o las entry en un solo feed)",
	"give each item one title, link, guid and description": "dar a cada item un solo title, link, guid y description",
	"make what is named shorter: what is beyond the limit is not taken": "acortar lo que se nombra: lo que pasa del límite " +
		"no se toma",
	"give each JSON Feed key a value of the type that its specification gives": "dar a cada clave de JSON Feed un valor " +
		"del tipo que da su especificación",
	"write dates as RFC 822 (RSS) or RFC 3339 (Atom, JSON Feed) give them, with a zone": "escribir las fechas como dicen " +
		"RFC 822 (RSS) o RFC 3339 (Atom, JSON Feed), con su zona",
	"end every element that hides what is in it, such as script, and hide nothing that is to be read": "cerrar cada " +
		"elemento que esconde lo que contiene, como script, y no esconder nada que se deba leer",
}
