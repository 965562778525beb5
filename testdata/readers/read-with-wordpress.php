<?php
// What WordPress makes of a feed, for aggregator/command/readers_test.go. It runs without a web
// server, on a database of the test's own, and prints as JSON the stories that it shows.
//
//	php read-with-wordpress.php FOLDER SOCKET CONTENT install
//	php read-with-wordpress.php FOLDER SOCKET CONTENT ADDRESS
//
// Every run reads the feed once with fetch_feed, as the RSS block and the RSS widget do, and makes a
// post of each item, or updates the one that it made before: that of the item's id.
[, $folder, $socket, $content, $address] = $argv;
error_reporting(E_ALL & ~E_DEPRECATED);
define('DB_HOST', 'localhost:' . $socket);
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_CHARSET', 'utf8mb4');
define('ABSPATH', $folder . '/');
define('WP_CONTENT_DIR', $content);
define('WP_SITEURL', 'http://wordpress.example');
define('WP_HOME', WP_SITEURL);
define('WP_HTTP_BLOCK_EXTERNAL', true); // it would ask for updates
define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
define('DISABLE_WP_CRON', true);
define('WP_INSTALLING', $address == 'install');
$table_prefix = 'wp_';
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = 'wordpress.example';
$_SERVER['REQUEST_URI'] = '/';
require ABSPATH . 'wp-settings.php';

if (WP_INSTALLING) {
	require ABSPATH . 'wp-admin/includes/upgrade.php';
	add_filter('pre_wp_mail', '__return_true');
	wp_install('Partner', 'editor', 'editor@wordpress.example', false, '', 'password');
	wp_delete_post(1, true); // its own first post
	echo $wp_version;
	exit;
}

// Desks are on public addresses; this one is on the machine itself. Nothing is kept between polls.
add_filter('http_request_host_is_external', '__return_true');
add_filter('http_allowed_safe_ports', fn($ports) => [...$ports, parse_url($address, PHP_URL_PORT)]);
add_filter('wp_feed_cache_transient_lifetime', '__return_zero');
add_filter('http_request_args', fn($args) => ['timeout' => 120] + $args); // the machine may be busy
$feed = fetch_feed($address);
if (is_wp_error($feed)) {
	fwrite(STDERR, $feed->get_error_message());
	exit(1);
}

// rows are the lines that a list of WordPress shows, as a browser reads it.
function rows($html, $title, $author, $deck) {
	$document = new DOMDocument();
	libxml_use_internal_errors(true);
	$document->loadHTML('<?xml encoding="utf-8"?>' . $html);
	$path = new DOMXPath($document);
	$text = fn($item, $expression) => trim($path->evaluate("string($expression)", $item));
	$class = fn($name) => ".//*[contains(concat(' ', @class, ' '), ' $name ')]";
	return array_map(fn($item) => [
		'Title' => $text($item, $class($title)), 'Link' => $text($item, './/a/@href'),
		'Author' => $text($item, $class($author)), 'Deck' => $text($item, $class($deck)),
	], iterator_to_array($path->query('//li')));
}

$block = rows(render_block(['blockName' => 'core/rss', 'innerBlocks' => [], 'innerHTML' => '', 'innerContent' => [],
	'attrs' => ['feedURL' => $address, 'itemsToShow' => 100, 'displayDate' => true, 'displayAuthor' => true,
		'displayExcerpt' => true, 'excerptLength' => 100]]),
	'wp-block-rss__item-title', 'wp-block-rss__item-author', 'wp-block-rss__item-excerpt');
ob_start();
wp_widget_rss_output($address, ['items' => 20, 'show_author' => 1, 'show_date' => 1, 'show_summary' => 1]);
$widget = rows(ob_get_clean(), 'rsswidget', 'none', 'rssSummary');

// post is the post of a story; it is made or updated.
function post($id, $values) {
	$known = get_posts(['meta_key' => 'item', 'meta_value' => $id, 'post_status' => 'any', 'numberposts' => -1]);
	$values += ['ID' => $known ? $known[0]->ID : 0, 'post_status' => 'publish', 'meta_input' => ['item' => wp_slash($id)]];
	$post = wp_insert_post(wp_slash($values), true);
	if (is_wp_error($post)) {
		fwrite(STDERR, $post->get_error_message());
		exit(1);
	}
	return $post;
}

$plain = fn($html) => html_entity_decode((string) $html, ENT_QUOTES | ENT_HTML5); // what SimplePie gives is HTML
$stories = [];
foreach ($feed->get_items() as $n => $item) {
	$pictures = $audio = [];
	foreach ($item->get_enclosures() ?: [] as $e) {
		if (str_starts_with((string) $e->get_type(), 'audio/')) {
			$audio[] = $plain($e->get_link());
		} elseif ($e->get_medium() == 'image' || str_starts_with((string) $e->get_type(), 'image/')) {
			$pictures[] = $plain($e->get_link());
		}
	}
	post($item->get_id(), ['post_title' => $item->get_title(), 'post_content' => $item->get_content(),
		'post_excerpt' => $item->get_description(), 'post_date_gmt' => $item->get_gmdate('Y-m-d H:i:s')]);
	$stories[] = [
		'ID' => $item->get_id(), 'Title' => $block[$n]['Title'], 'Link' => $plain($item->get_permalink()),
		'Authors' => array_map(fn($a) => $plain($a->get_name()), $item->get_authors() ?: []),
		'Date' => $item->get_gmdate('Y-m-d\TH:i:s\Z'), 'Pictures' => $pictures, 'Audio' => array_values(array_unique($audio)),
		'Source' => $item->get_source() ? $plain($item->get_source()->get_title()) : '',
	];
}
$posts = array_map(fn($p) => ['ID' => get_post_meta($p->ID, 'item', true), 'Text' => $p->post_content,
	'Deck' => $plain(strip_tags($p->post_excerpt)),
	'Title' => $plain($p->post_title)],
	get_posts(['post_status' => 'any', 'numberposts' => -1]));
echo json_encode(['Stories' => $stories, 'Block' => $block, 'Widget' => $widget, 'Posts' => $posts],
	JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
