# libreoffice.pl WRITTEN READ SHEET.csv...: the CSV files as they were written in the folder WRITTEN, against what LibreOffice
# read of them and of the workbook (READ/SHEET.fods, READ/register.fods; the workbook's sheets in the order of the files).
use strict;
use warnings;
use open qw(:std :utf8);
use utf8;

my ($written, $read, @files) = @ARGV;
my ($cells, $wrong) = (0, 0);

sub wrong {
	print "wrong: @_\n";
	exit 1 if ++$wrong > 20;
}

sub slurp {
	my ($path) = @_;
	open(my $in, '<:encoding(UTF-8)', $path) or die "$path: $!\n";
	local $/;
	return scalar <$in>;
}

# Rows of cells, each between quotes.
sub csv {
	my ($text) = @_;
	my (@rows, @row);
	$text =~ s/^\x{FEFF}//;
	while ($text =~ /\G"((?:[^"]|"")*)"(,|\r\n)/gc) {
		my ($cell, $end) = ($1, $2);
		$cell =~ s/""/"/g;
		push @row, $cell;
		next if $end eq ',';
		push @rows, [@row];
		@row = ();
	}
	wrong("not all of a CSV could be read") if (pos($text) // 0) != length $text;
	return \@rows;
}

sub attribute {
	my ($tag, $name) = @_;
	return $tag =~ /\b$name="([^"]*)"/ ? $1 : undef;
}

sub plain {
	my ($xml) = @_;
	my $text = join "\n", $xml =~ m{<text:p[^>]*>(.*?)</text:p>}sg;
	$text =~ s{<text:s text:c="(\d+)"/>}{' ' x $1}ge;
	$text =~ s{<text:s/>}{ }g;
	$text =~ s{<text:tab/>}{\t}g;
	$text =~ s/<[^>]*>//g;
	my %char = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'");
	$text =~ s/&(lt|gt|amp|quot|apos);/$char{$1}/g;
	$text =~ s/&#(\d+);/chr $1/ge;
	return $text;
}

# Of each table the rows, of those the cells: [type, value, text]. What is empty at the end is left out.
sub tables {
	my ($path) = @_;
	my $xml = slurp($path);
	wrong("$path: holds a formula") if $xml =~ /table:formula/;
	my @tables;
	while ($xml =~ m{<table:table [^>]*>(.*?)</table:table>}sg) {
		my ($body, @rows) = ($1);
		while ($body =~ m{<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)}sg) {
			my ($row, $inner, @cells) = ($1, $2 // '');
			while ($inner =~ m{<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)}sg) {
				my ($tag, $content) = ($1, $2 // '');
				my $type = attribute($tag, 'office:value-type') // '';
				my $value = attribute($tag, 'office:value') // attribute($tag, 'office:date-value') // '';
				my $times = attribute($tag, 'table:number-columns-repeated') // 1;
				last if $times > 1000;
				push @cells, [$type, $value, plain($content)] for 1 .. $times;
			}
			pop @cells while @cells && $cells[-1][0] eq '' && $cells[-1][2] eq '';
			my $times = attribute($row, 'table:number-rows-repeated') // 1;
			last if $times > 1000;
			push @rows, [@cells] for 1 .. $times;
		}
		pop @rows while @rows && !@{$rows[-1]};
		push @tables, \@rows;
	}
	return @tables;
}

# The cell LibreOffice has against what it is to say. text: it must be no number or date, whatever it looks like.
sub compare {
	my ($where, $is, $want, $text) = @_;
	my ($type, $value, $shown) = @$is;
	$cells++;
	if ($want eq '') {
		wrong("$where: \"$shown\" where nothing was written") if $shown ne '';
	} elsif (!$text && $want =~ /^-?\d+(\.\d+)?$/) {
		wrong("$where: \"$shown\" ($type) is not the number $want") if $type ne 'float' || $value != $want;
	} elsif (!$text && $want =~ /^(\d{4}-\d\d-\d\d)( \d\d:\d\d)?$/) {
		my $date = $1 . (defined $2 ? "T" . substr($2, 1) . ":00" : '');
		wrong("$where: \"$shown\" ($type $value) is not the time $want") if $type ne 'date' || $value ne $date;
	} else {
		wrong("$where: \"$shown\" ($type) is not the text \"$want\"") if $type ne 'string' || $shown ne $want;
	}
}

sub sheet {
	my ($name, $is, $want, $unmark) = @_;
	wrong("$name: ", scalar @$is, " rows were read, ", scalar @$want, " were written") if @$is != @$want;
	for my $r (0 .. $#$want) {
		for my $c (0 .. $#{$want->[$r]}) {
			my $cell = $want->[$r][$c];
			my $marked = $cell =~ /^['\t]/;
			if ($unmark) {
				$cell =~ s/^[\t']//;
				$cell =~ s/([;\t\r\n])'/$1/g if $marked;
			}
			compare("$name row " . ($r + 1) . " cell " . ($c + 1), $is->[$r][$c] // ['', '', ''], $cell, $r == 0 || $marked);
		}
	}
}

my @book = tables("$read/register.fods");
wrong("the workbook has ", scalar @book, " sheets, not ", scalar @files) if @book != @files;
for my $i (0 .. $#files) {
	(my $name = $files[$i]) =~ s/\.csv$//;
	my $want = csv(slurp("$written/$files[$i]"));
	sheet("register.xlsx $name", $book[$i], $want, 1);
	my ($alone) = tables("$read/$name.fods");
	sheet($files[$i], $alone, $want, 0);
}
exit 1 if $wrong;
print "$cells cells of ", scalar @files, " sheets are what was written, and none is a formula\n";
