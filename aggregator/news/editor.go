package news

// DeskEditor is a person who decides what the desk publishes, as its configuration lists them.
type DeskEditor struct {
	ID       string
	Name     string
	Email    string
	Station  string // the id of the station whose editor it is; "": the desk's own
	Language string // of its pages (BCP 47); "": the browser's
}

// RecipientFormat says in which form a recipient of notices takes them.
type RecipientFormat string

// The formats of notices. The first is that of mail addresses, the others are those of web addresses.
const (
	AsMail    RecipientFormat = "mailto"
	AsJSON    RecipientFormat = "json"
	AsSlack   RecipientFormat = "slack"
	AsDiscord RecipientFormat = "discord"
	AsTeams   RecipientFormat = "teams"
	AsNtfy    RecipientFormat = "ntfy"
)

// Recipient is who hears of events.
type Recipient struct {
	// Address is as the configuration has it: a mailto: or web address, or "file:" and the name of a file
	// that holds one. It is what people call the recipient by.
	Address string
	Target  string // the mailto: or web address; "" until the file that holds it was read
	Of      []NoticeKind
	As      RecipientFormat
	Secret  string // of AsJSON: what notices are signed with, whsec_…; "": they are not signed
	// Digest is the time of day, such as 07:00, at which one message tells all; "": each is told at once.
	Digest   string
	Timezone string // IANA name: of Digest, and of the times in the texts
	Partner  string // the id of the station that hears of its own stories, and of those that it lacks; "": an editor
}

// Key is what the store knows a recipient by: an address may be listed with several digests, and for
// several partners.
func (r Recipient) Key() string { return r.Address + "\n" + r.Digest + "\n" + r.Partner }

// NoticeKinds lists the kinds of notices that editors can have.
var NoticeKinds = []NoticeKind{
	NoticeKilled, NoticeWithdrawn, NoticeFlood, NoticePair, NoticeCorrected, NoticeIll, NoticeWell, NoticeBackup,
}

// PartnerNoticeKinds lists the kinds of notices that partners can have.
var PartnerNoticeKinds = []NoticeKind{NoticeMissing, NoticeWithdrawn, NoticeKilled, NoticeCorrected}
