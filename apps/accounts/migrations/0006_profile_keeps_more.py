"""Of each `accountGet` the profile also keeps what the settings and the trunks will show."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_membership_day_limit'),
    ]

    operations = [
        migrations.AddField(
            model_name='profile',
            name='auth_type',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='profile',
            name='caller_id',
            field=models.CharField(blank=True, db_default='', max_length=20),
        ),
        migrations.AddField(
            model_name='profile',
            name='ccs',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='profile',
            name='created',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='profile',
            name='email',
            field=models.CharField(blank=True, db_default='', max_length=254),
        ),
        migrations.AddField(
            model_name='profile',
            name='enabled',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='profile',
            name='notify',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='profile',
            name='threshold',
            field=models.BigIntegerField(null=True),
        ),
    ]
