<?php
// What SimplePie makes of a feed, for aggregator/command/readers_test.go: it prints the stories as JSON.
//
//	php read-with-simplepie.php AUTOLOADER FILE
[, $autoloader, $file] = $argv;
error_reporting(E_ALL & ~E_DEPRECATED & ~E_WARNING & ~E_NOTICE); // of a release that is older than its PHP
require $autoloader;
$feed = class_exists('SimplePie\SimplePie') ? new SimplePie\SimplePie() : new SimplePie();
$feed->enable_cache(false);
if (version_compare(SIMPLEPIE_VERSION, '1.5', '<')) {
	// Its own reader of dates ends with an error in PHP 8.
	class DateReader extends SimplePie_Parse_Date
	{
		public function __construct()
		{
		}

		public static function get()
		{
			return new self();
		}

		public function parse($date)
		{
			return strtotime($date);
		}
	}
	$feed->registry->register('Parse_Date', 'DateReader');
}
$feed->set_raw_data(file_get_contents($file));
if (!$feed->init()) {
	fwrite(STDERR, $feed->error());
	exit(1);
}
$text = fn($html) => html_entity_decode(strip_tags((string) $html), ENT_QUOTES | ENT_HTML5);
$address = fn($html) => preg_replace('/\??#$/', '', $text($html)); // an old release adds that
$stories = [];
foreach ($feed->get_items() as $item) {
	$pictures = $audio = [];
	try {
		$enclosures = $item->get_enclosures() ?: [];
	} catch (ValueError) { // a newer PHP takes offense at the empty one that stands for none
		$enclosures = [];
	}
	foreach ($enclosures as $e) {
		if (str_starts_with((string) $e->get_type(), 'audio/')) {
			$audio[] = $address($e->get_link());
		} elseif ($e->get_medium() == 'image' || str_starts_with((string) $e->get_type(), 'image/')) {
			$pictures[] = $address($e->get_link());
		}
	}
	$stories[] = [
		'ID' => $item->get_id(), 'Title' => $text($item->get_title()), 'Link' => $text($item->get_permalink()),
		'Authors' => array_map(fn($a) => $text($a->get_name()), $item->get_authors() ?: []),
		'Date' => $item->get_gmdate('Y-m-d\TH:i:s\Z'), 'Pictures' => $pictures,
		'Audio' => array_values(array_unique($audio)),
		'Source' => $item->get_source() ? $text($item->get_source()->get_title()) : '',
		'Deck' => $text($item->get_description(true)), 'Text' => (string) $item->get_content(),
	];
}
echo json_encode($stories, JSON_THROW_ON_ERROR);
