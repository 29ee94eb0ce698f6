using Kilde.Platform.Databases;

namespace Kilde.Platform.Tests.Databases;

public class PasswordlessServerTests
{
    [Fact]
    public async Task A_superuser_without_a_password_is_refused_since_the_roles_passwords_follow_from_it() =>
        (await Should.ThrowAsync<ArgumentException>(() => DatabaseSetup.EnsureAsync(
            "Host=127.0.0.1;Port=1;Username=postgres", DatabaseNames.Default, TestContext.Current.CancellationToken)))
        .Message.ShouldContain("password");
}
