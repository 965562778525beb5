package identity

// maxQuestions is how many pages a visit asks: a station's server serves people first.
const maxQuestions = 20
