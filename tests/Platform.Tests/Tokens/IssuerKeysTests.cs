using Kilde.Intake.Slash.Client;
using Kilde.Platform.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Platform.Tests.Tokens;

public class IssuerKeysTests
{
    private readonly TestIssuer _issuer = new();

    [Fact]
    public async Task Keys_are_fetched_once_for_many_tokens()
    {
        for (var i = 0; i < 5; i++) (await FindAsync(_issuer.Key)).ShouldBe(TokenFault.None);

        _issuer.Fetches.ShouldBe(2);
    }

    [Fact]
    public async Task A_new_key_is_found_when_a_token_names_it()
    {
        await FindAsync(_issuer.Key);
        using var next = ClientKey.CreateRsa();
        _issuer.Published.Add(TestIssuer.Describe(next));
        _issuer.Clock.Advance(IssuerKeys.RefreshAfterMin);

        (await FindAsync(next)).ShouldBe(TokenFault.None);
    }

    [Fact]
    public async Task Unknown_keys_do_not_make_us_fetch_all_the_time()
    {
        await FindAsync(_issuer.Key);
        using var stranger = ClientKey.CreateEc();
        for (var i = 0; i < 10; i++) (await FindAsync(stranger)).ShouldBe(TokenFault.UnknownKey);

        _issuer.Fetches.ShouldBe(2);
    }

    [Fact]
    public async Task A_withdrawn_key_is_no_longer_taken_after_an_hour()
    {
        await FindAsync(_issuer.Key);
        _issuer.Published.Clear();
        _issuer.Clock.Advance(IssuerKeys.FreshFor);

        (await FindAsync(_issuer.Key)).ShouldBe(TokenFault.UnknownKey);
    }

    [Fact]
    public async Task Known_keys_are_used_on_while_the_issuer_is_away()
    {
        await FindAsync(_issuer.Key);
        _issuer.IsAway = true;
        _issuer.Clock.Advance(IssuerKeys.FreshFor);

        (await FindAsync(_issuer.Key)).ShouldBe(TokenFault.None);
    }

    [Fact]
    public async Task An_issuer_that_has_never_answered_is_our_trouble()
    {
        _issuer.IsAway = true;

        (await FindAsync(_issuer.Key)).ShouldBe(TokenFault.IssuerUnavailable);
    }

    [Fact]
    public async Task A_discovery_document_of_another_issuer_is_not_believed()
    {
        _issuer.Named = "https://evil.example.no";

        (await FindAsync(_issuer.Key)).ShouldBe(TokenFault.IssuerUnavailable);
    }

    [Fact]
    public async Task An_encryption_key_signs_nothing()
    {
        _issuer.Published[0]["use"] = "enc";

        (await FindAsync(_issuer.Key)).ShouldBe(TokenFault.UnknownKey);
    }

    [Theory]
    [InlineData("http://issuer.example.no")]
    [InlineData("ftp://issuer.example.no")]
    [InlineData("issuer")]
    public void Keys_are_not_fetched_in_the_clear(string issuer) => Should.Throw<ArgumentException>(
        () => new IssuerKeys(issuer, TimeProvider.System, NullLogger.Instance, _issuer));

    private async Task<TokenFault> FindAsync(ClientKey key) =>
        (await _issuer.Keys.FindAsync(key.Thumbprint, key.Algorithm, TestContext.Current.CancellationToken)).Fault;
}
