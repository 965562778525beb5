package publish

// pageWords holds what the pages beyond the front page say, in one language.
type pageWords struct {
	DayDescription, NoStoriesOn, Newer, MorePages        string
	Archive, ArchiveDescription, NoStoriesYet            string
	StationDescription, Website, MadeBy, AlsoCarried     string
	TopicDescription, OlderStories, Follow, NothingNow   string
	Podcast, PodcastDescription, OpenIn, OpenInNote      string
	CopyAddress, Episodes, NoEpisodes, OlderEpisodesNote string
}

var englishPages = pageWords{
	DayDescription: "The stories of %s, from %s.", NoStoriesOn: "There are no stories of %s.", Newer: "Newer",
	MorePages: "More stories of this day",
	Archive:   "Archive", ArchiveDescription: "All stories of %s by the day on which they were published.",
	NoStoriesYet:       "There are no stories yet.",
	StationDescription: "Stories that %s made or carries, from %s.", Website: "Website",
	MadeBy: "By %s", AlsoCarried: "By others, on %s",
	TopicDescription: "Stories about %s, from %s.", OlderStories: "Older stories", Follow: "Follow",
	NothingNow: "There are no stories here at the moment.",
	Podcast:    "Podcast", PodcastDescription: "The stories of %s that can be heard, each as an episode.",
	OpenIn:      "Open in",
	OpenInNote:  "These links open the app, if it is on this device.",
	CopyAddress: "In any other podcast app, add a show by URL and paste this address:",
	Episodes:    "Newest episodes", NoEpisodes: "There are no episodes yet.",
	OlderEpisodesNote: "Podcast apps find older episodes by themselves.",
}

var spanishPages = pageWords{
	DayDescription: "Las notas del %s, de %s.", NoStoriesOn: "No hay notas del %s.", Newer: "Más recientes",
	MorePages: "Más notas de este día",
	Archive:   "Archivo", ArchiveDescription: "Todas las notas de %s por el día en que se publicaron.",
	NoStoriesYet:       "Todavía no hay notas.",
	StationDescription: "Notas que %s produjo o difunde, de %s.", Website: "Sitio web",
	MadeBy: "De %s", AlsoCarried: "De otros, en %s",
	TopicDescription: "Notas sobre %s, de %s.", OlderStories: "Notas anteriores", Follow: "Seguir",
	NothingNow: "Por ahora no hay notas aquí.",
	Podcast:    "Podcast", PodcastDescription: "Las notas de %s que se pueden escuchar, cada una como un episodio.",
	OpenIn:      "Abrir en",
	OpenInNote:  "Estos enlaces abren la aplicación si está en este dispositivo.",
	CopyAddress: "En cualquier otra aplicación de podcasts, agregue un programa por URL y pegue esta dirección:",
	Episodes:    "Últimos episodios", NoEpisodes: "Todavía no hay episodios.",
	OlderEpisodesNote: "Las aplicaciones de podcasts encuentran solas los episodios anteriores.",
}
