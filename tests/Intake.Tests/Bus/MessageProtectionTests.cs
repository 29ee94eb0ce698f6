using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Kilde.Intake.Bus;
using Kilde.Intake.Parties;
using static Kilde.Intake.Tests.Kit.Certificates;

namespace Kilde.Intake.Tests.Bus;

public sealed class MessageProtectionTests
{
    private static readonly X509Certificate2 Ours = New("Kilde");
    private static readonly X509Certificate2 OursBefore = New("Kilde");
    private static readonly X509Certificate2 Theirs = New("Avsender");
    private static readonly X509Certificate2 Stranger = New("Fremmed");
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Content = "<MsgHead/>"u8.ToArray();

    private static readonly RegisteredParty Receiver = Party(
        8001, For(8001, CertificateUsage.Encrypt, Ours), For(8001, CertificateUsage.Encrypt, OursBefore));

    private static readonly RegisteredParty Sender = Party(9001, For(9001, CertificateUsage.Sign, Theirs));

    [Fact]
    public void What_is_sealed_is_opened() =>
        Open(MessageProtection.Seal(Content, Theirs, Ours)).Content.ShouldBe(Content);

    // The platform's CMS holds a message as a whole, some times over; what is inside is streamed from there.
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Opening_costs_ten_times_the_message_at_most(int mebibytes)
    {
        var body = MessageProtection.Seal(new byte[mebibytes << 20], Theirs, Ours);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Open(body).Content.ShouldNotBeNull().Length.ShouldBe(mebibytes << 20);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10L * body.Length);
    }

    [Fact]
    public void The_older_certificate_of_ours_still_opens() =>
        Open(MessageProtection.Seal(Content, Theirs, OursBefore)).Content.ShouldBe(Content);

    [Fact]
    public void Another_s_certificate_does_not_pass_for_the_sender_s() =>
        FaultOf(MessageProtection.Seal(Content, Stranger, Ours)).ShouldBe("transport:unverified-certificate");

    [Fact]
    public void A_certificate_of_the_same_name_does_not_pass_for_the_sender_s() =>
        FaultOf(MessageProtection.Seal(Content, New("Avsender"), Ours)).ShouldBe("transport:unverified-certificate");

    [Fact]
    public void A_message_for_somebody_else_is_not_opened() =>
        FaultOf(MessageProtection.Seal(Content, Theirs, Stranger)).ShouldBe("transport:invalid-certificate");

    [Fact]
    public void A_sender_without_a_certificate_is_told_so() =>
        MessageProtection.Open(MessageProtection.Seal(Content, Theirs, Ours), Receiver, Party(9001), Now)
            .Fault!.Condition.ShouldBe("transport:missing-certificate");

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "transport:expired-certificate")]
    [InlineData(1, "transport:expired-certificate")]
    public void A_certificate_ends_on_the_second(int secondsAfter, string? condition) =>
        MessageProtection.Open(
            MessageProtection.Seal(Content, Theirs, Ours), Receiver,
            Party(9001, For(9001, CertificateUsage.Sign, Theirs, to: Now)), Now.AddSeconds(secondsAfter))
        .Fault?.Condition.ShouldBe(condition);

    [Fact]
    public void A_certificate_does_not_count_before_its_time() =>
        MessageProtection.Open(
            MessageProtection.Seal(Content, Theirs, Ours), Receiver,
            Party(9001, For(9001, CertificateUsage.Sign, Theirs, from: Now.AddSeconds(1))), Now)
        .Fault!.Condition.ShouldBe("transport:invalid-certificate");

    [Fact]
    public void A_revoked_certificate_counts_for_nothing() =>
        MessageProtection.Open(
            MessageProtection.Seal(Content, Theirs, Ours), Receiver,
            Party(9001, For(9001, CertificateUsage.Sign, Theirs, revoked: Now)), Now)
        .Fault!.Condition.ShouldBe("transport:revoked-certificate");

    [Fact]
    public void Our_own_certificate_opens_nothing_when_it_has_expired() =>
        MessageProtection.Open(
            MessageProtection.Seal(Content, Theirs, Ours),
            Party(8001, For(8001, CertificateUsage.Encrypt, Ours, to: Now)), Sender, Now)
        .Fault!.Condition.ShouldBe("transport:expired-certificate");

    [Theory]
    [InlineData("1.2.840.113549.3.7")]
    [InlineData("1.3.14.3.2.7")]
    [InlineData("2.16.840.1.101.3.4.1.2")]
    public void Weaker_encryption_is_refused(string algorithm)
    {
        var enveloped = new EnvelopedCms(
            new ContentInfo(Signed(Theirs, "2.16.840.1.101.3.4.2.1")), new AlgorithmIdentifier(new Oid(algorithm)));
        enveloped.Encrypt(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, Ours));

        FaultOf(enveloped.Encode()).ShouldBe("transport:unsupported-message");
    }

    [Fact]
    public void A_signature_over_sha1_is_refused() =>
        FaultOf(Enveloped(Signed(Theirs, "1.3.14.3.2.26"))).ShouldBe("transport:unsupported-message");

    [Fact]
    public void Two_signers_are_refused()
    {
        var signed = new SignedCms(new ContentInfo(Content));
        signed.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, Theirs));
        signed.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, Stranger));

        FaultOf(Enveloped(signed.Encode())).ShouldBe("transport:unsupported-message");
    }

    [Fact]
    public void Certificates_carried_along_are_not_taken_for_the_signer_s()
    {
        var signed = new SignedCms(new ContentInfo(Content));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, Theirs);
        signer.Certificates.Add(Stranger);
        signed.ComputeSignature(signer);

        Open(Enveloped(signed.Encode())).Content.ShouldBe(Content);
    }

    [Fact]
    public void A_message_that_is_only_encrypted_is_refused() =>
        FaultOf(Enveloped(Content)).ShouldBe("transport:invalid-certificate");

    [Fact]
    public void A_changed_byte_is_found_wherever_it_is()
    {
        var body = MessageProtection.Seal(Content, Theirs, Ours);
        for (var i = 0; i < body.Length; i += 29)
        {
            var changed = (byte[])body.Clone();
            changed[i] ^= 0x20;

            // Some bytes say what was the case anyway, such as the object identifier of the padding.
            if (Open(changed).Content is { } content) content.ShouldBe(Content);
        }
    }

    [Fact]
    public void A_message_cut_off_anywhere_is_refused()
    {
        var body = MessageProtection.Seal(Content, Theirs, Ours);
        for (var length = 0; length < body.Length; length += 41)
            FaultOf(body[..length]).ShouldBe("transport:unsupported-message");
    }

    [Fact]
    public void Data_nested_a_hundred_thousand_deep_is_refused()
    {
        var bomb = new byte[200_000];
        for (var i = 0; i < bomb.Length; i += 2) (bomb[i], bomb[i + 1]) = (0x30, 0x80);
        FaultOf(bomb).ShouldBe("transport:unsupported-message");

        for (var i = 0; i < bomb.Length; i += 2) (bomb[i], bomb[i + 1]) = (0x24, 0x80);
        byte[] head = [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03, 0xA0, 0x80];
        FaultOf([.. head, .. bomb]).ShouldBe("transport:unsupported-message");
    }

    private static byte[] Signed(X509Certificate2 certificate, string digest)
    {
        var signed = new SignedCms(new ContentInfo(Content));
        signed.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            DigestAlgorithm = new Oid(digest),
        });
        return signed.Encode();
    }

    private static byte[] Enveloped(byte[] content)
    {
        var enveloped = new EnvelopedCms(
            new ContentInfo(content), new AlgorithmIdentifier(new Oid("2.16.840.1.101.3.4.1.42")));
        enveloped.Encrypt(new CmsRecipient(SubjectIdentifierType.IssuerAndSerialNumber, Ours));
        return enveloped.Encode();
    }

    private static Opened Open(byte[] body) => MessageProtection.Open(body, Receiver, Sender, Now);

    private static string FaultOf(byte[] body) => Open(body).Fault.ShouldNotBeNull().Condition;
}
