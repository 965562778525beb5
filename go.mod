module fronteras

go 1.26.0
