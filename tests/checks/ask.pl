# ask.pl SOCKET: sends standard input to a control socket as it is, prints everything that comes back until the other end
# closes. IO::Socket::UNIX is part of perl-base, which every Debian has.
use strict;
use warnings;
use IO::Socket::UNIX;

$SIG{PIPE} = 'IGNORE';    # told to go away in the middle of a line: what was answered is still read
my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$ARGV[0]: $!\n";
my $lines = do { local $/; <STDIN> };
my $sent = 0;
while ($sent < length $lines) {
	my $n = syswrite $socket, $lines, length($lines) - $sent, $sent;
	last unless defined $n;
	$sent += $n;
}
$socket->shutdown(1);
while (sysread $socket, my $answer, 65536) {
	print $answer;
}
